/**
 * Brings transactions from elsewhere into a store of ours: {@link io.dtm.server.transfer.Import}
 * from the store of a reference, behind {@link io.dtm.server.transfer.ReferenceStore}, and {@link
 * io.dtm.server.transfer.Move} from another store of ours. Both may be repeated: what is there
 * already is left alone. The words of the reference's rows live in this room.
 */
@NullMarked
package io.dtm.server.transfer;

import org.jspecify.annotations.NullMarked;
