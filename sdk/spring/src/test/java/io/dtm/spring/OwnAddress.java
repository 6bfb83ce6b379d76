package io.dtm.spring;

/** Where an application under test listens. */
record OwnAddress(String url) {}
