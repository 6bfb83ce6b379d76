package io.dtm.sdk.testing;

import io.dtm.client.TransactionClient;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the servers of {@link WithTransactionServer}, and closes them. */
final class TransactionServerExtension
    implements ParameterResolver, AfterEachCallback, AfterAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(TransactionServerExtension.class);
  private static final String SERVER = "server";
  private static final Set<Class<?>> TYPES =
      Set.of(TransactionServer.class, TransactionClient.class, InstantSource.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return TYPES.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var server = serverOf(context);
    var type = parameter.getParameter().getType();
    if (type == TransactionClient.class) {
      return server.client();
    }
    return type == InstantSource.class ? server.clock() : server;
  }

  /** The one of the class, if it has one; else the one of the test. */
  private static synchronized TransactionServer serverOf(ExtensionContext context) {
    var store = context.getStore(NAMESPACE);
    var known = store.get(SERVER, TransactionServer.class);
    if (known != null) {
      return known;
    }
    var started = TransactionServer.start();
    store.put(SERVER, started);
    return started;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close(context);
  }

  /** Closes the one that belongs to this context itself. */
  private static void close(ExtensionContext context) {
    var own = context.getStore(NAMESPACE).remove(SERVER, TransactionServer.class);
    if (own != null) {
      own.close();
    }
  }
}
