package io.dtm.spring;

/** What the tests deal in. */
public record Order(String item, int count) {}
