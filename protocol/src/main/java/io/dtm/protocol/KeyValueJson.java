package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One shared setting as the server shows it.
 *
 * @param id a database's row number; 0 where there is none
 */
public record KeyValueJson(
    @JsonProperty(Keys.ID) long id,
    @JsonProperty(Keys.CREATE_TIME) String createTime,
    @JsonProperty(Keys.UPDATE_TIME) String updateTime,
    @JsonProperty(Keys.CAT) String category,
    @JsonProperty(Keys.K) String key,
    @JsonProperty(Keys.V) String value,
    @JsonProperty(Keys.VERSION) long version) {}
