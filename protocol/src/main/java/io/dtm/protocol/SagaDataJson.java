package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * What a saga carries in {@code custom_data}, as a JSON text inside the JSON.
 *
 * @param orders index of a step to the indexes of the steps that must succeed before it
 * @param concurrent whether steps run side by side
 */
public record SagaDataJson(
    @JsonProperty(Keys.ORDERS) @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<Integer, List<Integer>> orders,
    @JsonProperty(Keys.CONCURRENT) boolean concurrent) {}
