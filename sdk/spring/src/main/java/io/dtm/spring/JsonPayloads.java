package io.dtm.spring;

import static java.util.Objects.requireNonNull;

import io.dtm.client.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.GenericHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.http.converter.SmartHttpMessageConverter;

/**
 * Writes and reads payloads as the application writes and reads JSON: with the message converters
 * of Spring, whichever version of Jackson, or other library, they stand on. Both ends of a call use
 * it, so what one writes the other reads. Thread-safe.
 */
public final class JsonPayloads {
  private static final MediaType JSON = MediaType.APPLICATION_JSON;

  private final Supplier<? extends List<HttpMessageConverter<?>>> converters;

  /**
   * @param converters asked with every payload; the first that fits is taken
   */
  public JsonPayloads(Supplier<? extends List<HttpMessageConverter<?>>> converters) {
    this.converters = requireNonNull(converters, "converters");
  }

  /**
   * As JSON. A {@link Payload} stays as it is.
   *
   * @param type as it is declared, with its type arguments
   * @throws HttpMessageNotWritableException when no converter can
   */
  public Payload write(Object value, Type type) {
    if (value instanceof Payload payload) {
      return payload;
    }
    var output = new BytesOut();
    try {
      for (var converter : converters.get()) {
        if (write(converter, value, type, output)) {
          return Payload.of(output.bytes.toByteArray());
        }
      }
    } catch (IOException e) {
      throw new HttpMessageNotWritableException("%s: %s".formatted(type, e.getMessage()), e);
    }
    throw new HttpMessageNotWritableException(
        "%s: no message converter writes it as JSON (expected: one, such as Jackson's)"
            .formatted(type.getTypeName()));
  }

  /**
   * Reads JSON.
   *
   * @throws HttpMessageNotReadableException when it cannot be read as that
   */
  public Object read(Payload payload, Type type) {
    if (type == Payload.class) {
      return payload;
    }
    var input = new BytesIn(payload.bytes());
    try {
      for (var converter : converters.get()) {
        var value = read(converter, type, input);
        if (value != null) {
          return value;
        }
      }
    } catch (IOException e) {
      throw new HttpMessageNotReadableException(
          "%s: %s".formatted(type.getTypeName(), e.getMessage()), e, input);
    }
    throw new HttpMessageNotReadableException(
        "%s: nothing that can be read as that (expected: JSON, and a message converter for it)"
            .formatted(type.getTypeName()),
        input);
  }

  @SuppressWarnings("unchecked")
  private static boolean write(
      HttpMessageConverter<?> converter, Object value, Type type, HttpOutputMessage output)
      throws IOException {
    if (converter instanceof SmartHttpMessageConverter<?> smart) {
      var resolvable = ResolvableType.forType(type);
      var fits = smart.canWrite(resolvable, value.getClass(), JSON);
      if (fits) {
        ((SmartHttpMessageConverter<Object>) smart).write(value, resolvable, JSON, output, null);
      }
      return fits;
    }
    if (converter instanceof GenericHttpMessageConverter<?> generic) {
      var fits = generic.canWrite(type, value.getClass(), JSON);
      if (fits) {
        ((GenericHttpMessageConverter<Object>) generic).write(value, type, JSON, output);
      }
      return fits;
    }
    var fits = converter.canWrite(value.getClass(), JSON);
    if (fits) {
      ((HttpMessageConverter<Object>) converter).write(value, JSON, output);
    }
    return fits;
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Object read(
      HttpMessageConverter<?> converter, Type type, HttpInputMessage input) throws IOException {
    if (converter instanceof SmartHttpMessageConverter<?> smart) {
      var resolvable = ResolvableType.forType(type);
      return smart.canRead(resolvable, JSON) ? smart.read(resolvable, input, null) : null;
    }
    if (converter instanceof GenericHttpMessageConverter<?> generic) {
      return generic.canRead(type, null, JSON) ? generic.read(type, null, input) : null;
    }
    return type instanceof Class<?> raw && converter.canRead(raw, JSON)
        ? ((HttpMessageConverter<Object>) converter).read((Class<Object>) raw, input)
        : null;
  }

  private static HttpHeaders jsonHeaders() {
    var headers = new HttpHeaders();
    headers.setContentType(JSON);
    return headers;
  }

  private static final class BytesOut implements HttpOutputMessage {
    private final HttpHeaders headers = new HttpHeaders();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public OutputStream getBody() {
      return bytes;
    }

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }
  }

  private static final class BytesIn implements HttpInputMessage {
    private final HttpHeaders headers = jsonHeaders();
    private final InputStream body;

    private BytesIn(byte[] bytes) {
      this.body = new ByteArrayInputStream(bytes);
    }

    @Override
    public InputStream getBody() {
      return body;
    }

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }
  }
}
