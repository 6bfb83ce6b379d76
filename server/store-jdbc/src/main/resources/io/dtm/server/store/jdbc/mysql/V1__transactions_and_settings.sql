-- Times are microseconds since 1970. Definition, appended and progress are records that only dtm-java reads; the columns
-- before them are what it searches by, and what people look at. Rows are kept in the order of their creation: gids are
-- random, and a table in their order would be torn to pieces.
CREATE TABLE dtm_transaction (
  id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
  gid varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  mode varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version bigint NOT NULL,
  phase smallint NOT NULL COMMENT '0: unfinished, 1: succeeded, 2: failed',
  claimed smallint NOT NULL COMMENT '1: a node is at work',
  created_at bigint NOT NULL,
  next_at bigint NOT NULL COMMENT 'when it falls due; once finished, when that was',
  definition longblob NOT NULL,
  appended longblob NOT NULL,
  progress longblob NOT NULL,
  UNIQUE KEY dtm_transaction_gid (gid),
  KEY dtm_transaction_next (phase, next_at),
  KEY dtm_transaction_listing (status, created_at, gid)
) ENGINE = InnoDB;

CREATE TABLE dtm_setting (
  category varbinary(192) NOT NULL,
  name varbinary(765) NOT NULL,
  value longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  version bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (category, name)
) ENGINE = InnoDB;
