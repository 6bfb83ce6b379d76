@NullMarked
package io.dtm.workflow.xa;

import org.jspecify.annotations.NullMarked;
