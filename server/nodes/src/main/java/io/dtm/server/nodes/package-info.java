/**
 * Which servers share the store. {@link io.dtm.server.nodes.NodeAnnouncer} has each say that it
 * lives, {@link io.dtm.server.nodes.NodeDirectory} reads what all of them have said.
 */
@NullMarked
package io.dtm.server.nodes;

import org.jspecify.annotations.NullMarked;
