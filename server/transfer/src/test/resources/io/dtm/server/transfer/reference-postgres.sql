CREATE SCHEMA coordination;

CREATE SEQUENCE coordination.trans_global_seq;

CREATE TABLE coordination.trans_global (
  id BIGINT NOT NULL DEFAULT nextval('coordination.trans_global_seq') PRIMARY KEY,
  gid VARCHAR(128) NOT NULL UNIQUE,
  trans_type VARCHAR(45) NOT NULL,
  status VARCHAR(45) NOT NULL,
  query_prepared VARCHAR(1024) NOT NULL,
  protocol VARCHAR(45) NOT NULL,
  create_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NULL,
  update_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NULL,
  finish_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NULL,
  rollback_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NULL,
  options VARCHAR(1024) DEFAULT '',
  custom_data VARCHAR(1024) DEFAULT '',
  next_cron_interval INT DEFAULT NULL,
  next_cron_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NULL,
  owner VARCHAR(128) NOT NULL DEFAULT '',
  ext_data TEXT,
  result VARCHAR(1024) DEFAULT '',
  rollback_reason VARCHAR(1024) DEFAULT ''
);

CREATE SEQUENCE coordination.trans_branch_op_seq;

CREATE TABLE coordination.trans_branch_op (
  id BIGINT NOT NULL DEFAULT nextval('coordination.trans_branch_op_seq') PRIMARY KEY,
  gid VARCHAR(128) NOT NULL,
  url VARCHAR(1024) NOT NULL,
  data TEXT,
  bin_data BYTEA,
  branch_id VARCHAR(128) NOT NULL,
  op VARCHAR(45) NOT NULL,
  status VARCHAR(45) NOT NULL,
  finish_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NULL,
  rollback_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NULL,
  create_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NULL,
  update_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NULL,
  CONSTRAINT gid_branch_uniq UNIQUE (gid, branch_id, op)
);

CREATE SEQUENCE coordination.kv_seq;

CREATE TABLE coordination.kv (
  id BIGINT NOT NULL DEFAULT nextval('coordination.kv_seq') PRIMARY KEY,
  cat VARCHAR(45) NOT NULL,
  k VARCHAR(128) NOT NULL,
  v TEXT,
  version BIGINT DEFAULT 1,
  create_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NULL,
  update_time TIMESTAMP(0) WITH TIME ZONE DEFAULT NULL,
  CONSTRAINT uniq_k UNIQUE (cat, k)
);
