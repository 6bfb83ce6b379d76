/**
 * One server: its configuration, the making of its parts, its life. {@link
 * io.dtm.server.app.Settings} is the one table of all settings; {@link
 * io.dtm.server.app.SettingsLoader} fills it from file and environment, {@link
 * io.dtm.server.app.ServerConfig} is what comes of it, {@link io.dtm.server.app.Server} runs it.
 */
@NullMarked
package io.dtm.server.app;

import org.jspecify.annotations.NullMarked;
