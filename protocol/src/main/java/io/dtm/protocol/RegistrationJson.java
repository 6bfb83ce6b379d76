package io.dtm.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@link Paths#REGISTER_BRANCH}: a flat object of strings. Null stands for a missing
 * member, which an empty text is not.
 *
 * @param data the branch's payload; of a workflow's step its result or the text of its failure
 * @param confirm address, TCC only
 * @param cancel address, TCC only
 * @param url address, XA only
 * @param op name of a workflow's step
 * @param status how a workflow's step ended
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RegistrationJson(
    @JsonProperty(Keys.GID) String gid,
    @JsonProperty(Keys.TRANS_TYPE) String transType,
    @JsonProperty(Keys.BRANCH_ID) @Nullable String branchId,
    @JsonProperty(Keys.DATA) @Nullable String data,
    @JsonProperty(Keys.CONFIRM) @Nullable String confirm,
    @JsonProperty(Keys.CANCEL) @Nullable String cancel,
    @JsonProperty(Keys.URL) @Nullable String url,
    @JsonProperty(Keys.OP) @Nullable String op,
    @JsonProperty(Keys.STATUS) @Nullable String status) {}
