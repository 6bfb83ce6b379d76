-- The business database of the interop run: accounts, and the barrier under the two names the clients use.
create user busi@'%' identified by 'busi';
grant all on *.* to busi@'%';

create database dtm_busi;
create table dtm_busi.account (
  name    varchar(160) not null primary key,
  balance int          not null,
  held    int          not null
);

create database dtm_barrier;
create table dtm_barrier.barrier (
  id          bigint       not null auto_increment primary key,
  trans_type  varchar(45)  default '',
  gid         varchar(128) default '',
  branch_id   varchar(128) default '',
  op          varchar(45)  default '',
  barrier_id  varchar(45)  default '',
  reason      varchar(45)  default '',
  create_time datetime     default now(),
  update_time datetime     default now(),
  unique key uniq_barrier (gid, branch_id, op, barrier_id)
) engine = InnoDB default charset = utf8mb4;
create table dtm_busi.barrier like dtm_barrier.barrier;
