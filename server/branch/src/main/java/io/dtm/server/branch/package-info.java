/**
 * Calls participants: {@link io.dtm.server.branch.BranchCallers} picks the transport, {@link
 * io.dtm.server.branch.LimitedBranchCaller} keeps destinations apart, at a {@code Gate} each,
 * {@link io.dtm.server.branch.HttpBranchCaller} speaks HTTP and reads the answers. {@link
 * io.dtm.server.branch.AlertWebhook} tells operators of branches that keep failing. Apache
 * HttpClient stays in this package.
 */
@NullMarked
package io.dtm.server.branch;

import org.jspecify.annotations.NullMarked;
