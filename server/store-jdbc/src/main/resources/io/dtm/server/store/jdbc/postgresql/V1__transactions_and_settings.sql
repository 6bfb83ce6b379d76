-- Times are microseconds since 1970. Definition, appended and progress are records that only dtm-java reads; the columns
-- before them are what it searches by, and what people look at.
CREATE TABLE dtm_transaction (
  gid varchar(128) COLLATE "C" NOT NULL PRIMARY KEY,
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
  definition bytea NOT NULL,
  appended bytea NOT NULL,
  progress bytea NOT NULL
);
CREATE INDEX dtm_transaction_next ON dtm_transaction (phase, next_at);
CREATE INDEX dtm_transaction_listing ON dtm_transaction (status, created_at, gid);

CREATE TABLE dtm_setting (
  category varchar(64) COLLATE "C" NOT NULL,
  name varchar(255) COLLATE "C" NOT NULL,
  value text NOT NULL,
  version bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (category, name)
);
