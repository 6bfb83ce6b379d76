package io.dtm.spring;

import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchRefused;
import io.dtm.protocol.Keys;
import io.dtm.protocol.Results;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * Answers managers as the protocol has it: {@link BranchRefused} is 409 with the word {@code
 * FAILURE}, {@link BranchOngoing} is 425 with {@code ONGOING}, and {@link NotABranchCall}, of
 * callers who are no manager, is 400. Also when one of them is the cause of what was thrown. Any
 * other exception is left to the application; whatever it answers, unless 200, 409 or 425, has the
 * manager call again.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class BranchExceptionAdvice {
  @ExceptionHandler
  ResponseEntity<Map<String, String>> refused(BranchRefused refusal) {
    return answer(HttpStatus.CONFLICT, Results.FAILURE, refusal);
  }

  @ExceptionHandler
  ResponseEntity<Map<String, String>> ongoing(BranchOngoing ongoing) {
    return answer(HttpStatus.TOO_EARLY, Results.ONGOING, ongoing);
  }

  @ExceptionHandler
  ResponseEntity<Map<String, String>> notABranchCall(NotABranchCall stranger) {
    return answer(HttpStatus.BAD_REQUEST, "", stranger);
  }

  private static ResponseEntity<Map<String, String>> answer(
      HttpStatus status, String word, RuntimeException said) {
    var body = new LinkedHashMap<String, String>();
    if (!word.isEmpty()) {
      body.put(Keys.DTM_RESULT, word);
    }
    body.put(Keys.MESSAGE, String.valueOf(said.getMessage()));
    return ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON).body(body);
  }
}
