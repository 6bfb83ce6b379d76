-- The barrier of H2, for tests.
CREATE SCHEMA IF NOT EXISTS dtm_barrier;

CREATE TABLE IF NOT EXISTS dtm_barrier.barrier (
  id          BIGINT       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  trans_type  VARCHAR(45)  NOT NULL,
  gid         VARCHAR(128) NOT NULL,
  branch_id   VARCHAR(128) NOT NULL,
  op          VARCHAR(45)  NOT NULL,
  barrier_id  VARCHAR(45)  NOT NULL,
  reason      VARCHAR(45)  NOT NULL,
  create_time TIMESTAMP    DEFAULT CURRENT_TIMESTAMP,
  update_time TIMESTAMP    DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT uniq_barrier UNIQUE (gid, branch_id, op, barrier_id)
);
