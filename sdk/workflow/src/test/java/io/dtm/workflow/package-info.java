@NullMarked
package io.dtm.workflow;

import org.jspecify.annotations.NullMarked;
