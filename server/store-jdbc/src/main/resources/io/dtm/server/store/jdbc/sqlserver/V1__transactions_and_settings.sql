-- Times are microseconds since 1970. Definition, appended and progress are records that only dtm-java reads; the columns
-- before them are what it searches by, and what people look at. Rows are kept in the order of their creation: gids are
-- random, and a table in their order would be torn to pieces.
CREATE TABLE dtm_transaction (
  id bigint NOT NULL IDENTITY PRIMARY KEY,
  gid nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  mode varchar(16) NOT NULL,
  status varchar(16) NOT NULL,
  version bigint NOT NULL,
  -- 0: unfinished, 1: succeeded, 2: failed.
  phase smallint NOT NULL,
  -- 1: a node is at work.
  claimed smallint NOT NULL,
  created_at bigint NOT NULL,
  -- When it falls due; once finished, when that was.
  next_at bigint NOT NULL,
  definition varbinary(max) NOT NULL,
  appended varbinary(max) NOT NULL,
  progress varbinary(max) NOT NULL
);
-- A taken gid is left out, and the affected rows tell.
CREATE UNIQUE INDEX dtm_transaction_gid ON dtm_transaction (gid) WITH (IGNORE_DUP_KEY = ON);
CREATE INDEX dtm_transaction_next ON dtm_transaction (phase, next_at);
CREATE INDEX dtm_transaction_listing ON dtm_transaction (status, created_at, gid);

CREATE TABLE dtm_setting (
  category nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  name nvarchar(255) COLLATE Latin1_General_100_BIN2 NOT NULL,
  value nvarchar(max) NOT NULL,
  version bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  CONSTRAINT dtm_setting_key PRIMARY KEY (category, name) WITH (IGNORE_DUP_KEY = ON)
);
