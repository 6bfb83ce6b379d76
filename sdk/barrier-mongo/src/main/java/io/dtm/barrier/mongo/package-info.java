/**
 * The barrier for participants that keep their data in MongoDB: marks are documents, set in the
 * transaction of the session in which the work is done. Collection and documents are those of the
 * Go client.
 */
@NullMarked
package io.dtm.barrier.mongo;

import org.jspecify.annotations.NullMarked;
