-- The barrier of MySQL and its relatives, as the clients of all languages know it. It must lie on the same server as the
-- participant's data. Old rows may go: DELETE FROM dtm_barrier.barrier WHERE create_time < NOW() - INTERVAL 30 DAY LIMIT 1000
CREATE DATABASE IF NOT EXISTS dtm_barrier DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS dtm_barrier.barrier (
  id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
  trans_type  VARCHAR(45)  DEFAULT '',
  gid         VARCHAR(128) DEFAULT '',
  branch_id   VARCHAR(128) DEFAULT '',
  op          VARCHAR(45)  DEFAULT '',
  barrier_id  VARCHAR(45)  DEFAULT '',
  reason      VARCHAR(45)  DEFAULT '' COMMENT 'the operation that set this mark',
  create_time DATETIME     DEFAULT NOW(),
  update_time DATETIME     DEFAULT NOW(),
  KEY (create_time),
  KEY (update_time),
  UNIQUE KEY uniq_barrier (gid, branch_id, op, barrier_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
