package io.dtm.server.api;

import io.dtm.protocol.SubmitJson;

/** Commands on one transaction over REST. */
final class TransactionRoutes {
  private final Commands commands;
  private final SubmitReader reader;
  private final RegistrationReader registrations;
  private final Replies replies;

  TransactionRoutes(
      Commands commands, SubmitReader reader, RegistrationReader registrations, Replies replies) {
    this.commands = commands;
    this.reader = reader;
    this.registrations = registrations;
    this.replies = replies;
  }

  Reply prepare(EdgeRequest request) {
    return replies.of(commands.prepare(read(request), request.trace()));
  }

  Reply submit(EdgeRequest request) {
    return replies.of(commands.submit(read(request), request.trace()));
  }

  Reply abort(EdgeRequest request) {
    return replies.of(commands.abort(read(request)));
  }

  Reply forceStop(EdgeRequest request) {
    return replies.of(commands.forceStop(read(request)));
  }

  Reply resetNextCronTime(EdgeRequest request) {
    return replies.of(commands.resetNextCronTime(read(request)));
  }

  Reply prepareWorkflow(EdgeRequest request) {
    return replies.of(commands.prepareWorkflow(read(request), request.trace()));
  }

  Reply parkWorkflow(EdgeRequest request) {
    return replies.of(commands.parkWorkflow(read(request)));
  }

  Reply registerBranch(EdgeRequest request) {
    return replies.of(commands.registerBranch(registrations.read(request.body())));
  }

  private SubmitJson read(EdgeRequest request) {
    return reader.read(request.body());
  }
}
