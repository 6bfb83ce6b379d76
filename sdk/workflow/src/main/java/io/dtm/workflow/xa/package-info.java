/** Steps in the workflow's own database that commit or roll back with it; needs dtm-sdk-xa. */
@NullMarked
package io.dtm.workflow.xa;

import org.jspecify.annotations.NullMarked;
