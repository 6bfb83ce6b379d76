package io.dtm.server.store.mongo;

import com.mongodb.client.MongoCollection;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bson.Document;

/**
 * A real collection in which something happens on the way of a bulk write: whatever a test wants
 * others to have done before its answer is here. Not thread-safe.
 */
final class InterceptedCollection {
  private final MongoCollection<Document> real;
  private final Deque<Interception> interceptions = new ArrayDeque<>();

  /** Stands in for one bulk write. */
  @FunctionalInterface
  interface Interception {
    Object around(BulkWrite write) throws Throwable;
  }

  /** The write itself; may be carried out any number of times. */
  @FunctionalInterface
  interface BulkWrite {
    Object carryOut() throws Throwable;
  }

  InterceptedCollection(MongoCollection<Document> real) {
    this.real = real;
  }

  /** What becomes of the next bulk write that nothing was said about yet. */
  void next(Interception interception) {
    interceptions.add(interception);
  }

  /** Does something after the next bulk write, before its answer arrives. */
  void afterNext(Runnable others) {
    next(write -> {
      try {
        return write.carryOut();
      } finally {
        others.run();
      }
    });
  }

  @SuppressWarnings("unchecked")
  MongoCollection<Document> collection() {
    return (MongoCollection<Document>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {MongoCollection.class},
            (proxy, method, arguments) -> {
              BulkWrite call =
                  () -> {
                    try {
                      return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause() == null ? e : e.getCause();
                    }
                  };
              var interception = method.getName().equals("bulkWrite") ? interceptions.poll() : null;
              return interception == null ? call.carryOut() : interception.around(call);
            });
  }
}
