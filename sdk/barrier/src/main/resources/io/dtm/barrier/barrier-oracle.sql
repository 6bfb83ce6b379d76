-- The barrier of Oracle, in the schema of the participant's user. No client of another language has one; not run against a server by us.
CREATE TABLE barrier (
  id          NUMBER(19)    GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  trans_type  VARCHAR2(45)  NOT NULL,
  gid         VARCHAR2(128) NOT NULL,
  branch_id   VARCHAR2(128) NOT NULL,
  op          VARCHAR2(45)  NOT NULL,
  barrier_id  VARCHAR2(45)  NOT NULL,
  reason      VARCHAR2(45)  NOT NULL,
  create_time TIMESTAMP     DEFAULT SYSTIMESTAMP,
  update_time TIMESTAMP     DEFAULT SYSTIMESTAMP,
  CONSTRAINT uniq_barrier UNIQUE (gid, branch_id, op, barrier_id)
);

CREATE INDEX barrier_create_time ON barrier (create_time);
