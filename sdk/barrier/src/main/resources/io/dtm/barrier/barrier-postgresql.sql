-- The barrier of PostgreSQL, as the clients of all languages know it. It must lie in the same database as the participant's data.
-- Old rows may go: DELETE FROM dtm_barrier.barrier WHERE create_time < NOW() - INTERVAL '30 days'
CREATE SCHEMA IF NOT EXISTS dtm_barrier;

CREATE SEQUENCE IF NOT EXISTS dtm_barrier.barrier_seq;

CREATE TABLE IF NOT EXISTS dtm_barrier.barrier (
  id          BIGINT       NOT NULL DEFAULT NEXTVAL('dtm_barrier.barrier_seq') PRIMARY KEY,
  trans_type  VARCHAR(45)  DEFAULT '',
  gid         VARCHAR(128) DEFAULT '',
  branch_id   VARCHAR(128) DEFAULT '',
  op          VARCHAR(45)  DEFAULT '',
  barrier_id  VARCHAR(45)  DEFAULT '',
  reason      VARCHAR(45)  DEFAULT '',
  create_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NOW(),
  update_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NOW(),
  CONSTRAINT uniq_barrier UNIQUE (gid, branch_id, op, barrier_id)
);

CREATE INDEX IF NOT EXISTS barrier_create_time ON dtm_barrier.barrier (create_time);
