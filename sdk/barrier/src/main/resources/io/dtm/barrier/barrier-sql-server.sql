-- The barrier of SQL Server, as the clients of other languages know it. Written from their scripts; not run against a server by us.
-- The index leaves out rows that are there: without IGNORE_DUP_KEY the clients of other languages would fail on a repetition.
CREATE TABLE dbo.barrier (
  id          BIGINT       NOT NULL IDENTITY(1, 1) PRIMARY KEY,
  trans_type  VARCHAR(45)  NOT NULL DEFAULT '',
  gid         VARCHAR(128) NOT NULL DEFAULT '',
  branch_id   VARCHAR(128) NOT NULL DEFAULT '',
  op          VARCHAR(45)  NOT NULL DEFAULT '',
  barrier_id  VARCHAR(45)  NOT NULL DEFAULT '',
  reason      VARCHAR(45)  NOT NULL DEFAULT '',
  create_time DATETIME     NOT NULL DEFAULT GETDATE(),
  update_time DATETIME     NOT NULL DEFAULT GETDATE()
);

CREATE UNIQUE INDEX ix_uniq_barrier ON dbo.barrier (gid, branch_id, op, barrier_id) WITH (IGNORE_DUP_KEY = ON);

CREATE INDEX ix_barrier_create_time ON dbo.barrier (create_time);
