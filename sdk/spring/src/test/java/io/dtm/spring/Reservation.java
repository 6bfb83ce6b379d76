package io.dtm.spring;

/** What a try answers. */
public record Reservation(String item, int left) {}
