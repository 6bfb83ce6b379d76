/**
 * Topics: names that stand for the addresses of all subscribers. {@link
 * io.dtm.server.topics.Topics} keeps them in the settings that all nodes share; {@code TopicCache}
 * saves the engine from asking the store for every message.
 */
@NullMarked
package io.dtm.server.topics;

import org.jspecify.annotations.NullMarked;
