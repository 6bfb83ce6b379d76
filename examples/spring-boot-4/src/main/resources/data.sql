DELETE FROM account;

INSERT INTO account VALUES ('alice', 1000, 0), ('bob', 1000, 0);
