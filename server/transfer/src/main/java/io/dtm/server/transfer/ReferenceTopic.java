package io.dtm.server.transfer;

/**
 * A topic as the reference keeps it.
 *
 * @param subscribers a JSON list of {@code {"url", "remark"}}
 */
public record ReferenceTopic(String name, String subscribers) {}
