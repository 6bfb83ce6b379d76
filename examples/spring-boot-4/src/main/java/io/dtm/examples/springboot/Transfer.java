package io.dtm.examples.springboot;

/** Money that goes from one account to another: the payload of every branch. */
public record Transfer(String from, String to, long amount) {}
