package io.dtm.spring;

import static java.util.Objects.requireNonNull;

import io.dtm.client.Message;
import io.dtm.client.Saga;
import io.dtm.client.TccBranches;
import io.dtm.client.XaBranches;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The participants of others, as their callers see them: a step of a global transaction is a method
 * call on the {@link Participant} interface, and the addresses are found by themselves.
 *
 * <pre>{@code
 * var saga = client.saga().waitForResult();
 * participants.in(saga, Stock.class).deduct(order);
 * participants.in(saga, Wallet.class).pay(order);
 * var result = saga.submit();
 * }</pre>
 *
 * <p>The address of a method is that of the service in {@link ServiceAddresses}, the participant's
 * name, the step and the operation. All methods throw {@link IllegalArgumentException} for a type
 * that is not an interface, or whose steps are not whole; calls do so for a method that is no step
 * of that mode, for null as payload, and for a service without address. Thread-safe; what it
 * returns is as thread-safe as the transaction it is for.
 */
public final class Participants {
  private final Map<Class<?>, ParticipantType> types = new ConcurrentHashMap<>();
  private final ServiceAddresses addresses;
  private final JsonPayloads payloads;

  public Participants(ServiceAddresses addresses, JsonPayloads payloads) {
    this.addresses = requireNonNull(addresses, "addresses");
    this.payloads = requireNonNull(payloads, "payloads");
  }

  /**
   * Each call of a {@link SagaAction} adds a step to the saga, and its {@link Compensate} with it.
   * Nothing is called yet, so it returns null, zero or false.
   */
  public <T> T in(Saga saga, Class<T> type) {
    requireNonNull(saga, "saga");
    return calls(type, new ParticipantCalls.OfSaga(saga));
  }

  /**
   * Each call of a {@link MessageAction} adds a step to the message. Nothing is called yet, so it
   * returns null, zero or false.
   */
  public <T> T in(Message message, Class<T> type) {
    requireNonNull(message, "message");
    return calls(type, new ParticipantCalls.OfMessage(message));
  }

  /**
   * Each call of a {@link TccTry} registers a branch with its {@link TccConfirm} and its {@link
   * TccCancel}, calls the try, and returns what that returned; null, zero or false when it returned
   * nothing, as a repeated one does. Throws what {@link TccBranches#branch} throws.
   */
  public <T> T in(TccBranches branches, Class<T> type) {
    requireNonNull(branches, "branches");
    return calls(type, new ParticipantCalls.OfTcc(branches, payloads));
  }

  /**
   * Each call of a {@link XaAction} has the participant do its work and prepare it, and returns
   * what that returned. Throws what {@link XaBranches#branch} throws.
   */
  public <T> T in(XaBranches branches, Class<T> type) {
    requireNonNull(branches, "branches");
    return calls(type, new ParticipantCalls.OfXa(branches, payloads));
  }

  private <T> T calls(Class<T> type, ParticipantCalls.Mode mode) {
    requireNonNull(type, "type");
    if (!type.isInterface()) {
      throw new IllegalArgumentException(
          "type: %s (expected: an interface with @Participant)".formatted(type.getName()));
    }
    var participant = types.computeIfAbsent(type, ParticipantType::of);
    var calls = new ParticipantCalls(type, participant, addresses, payloads, mode);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
  }
}
