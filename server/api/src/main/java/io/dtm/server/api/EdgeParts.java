package io.dtm.server.api;

import io.dtm.protocol.Paths;
import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.engine.Coordinator;
import io.dtm.server.nodes.NodeDirectory;
import io.dtm.server.topics.Topics;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The parts of the edge that know no HTTP server, put together. */
final class EdgeParts {
  private final Replies replies = new Replies();
  private final DirectErrors errors;
  private final Failures failures;
  private final RouteTable routes = new RouteTable();

  EdgeParts(
      HttpEdgeConfig config,
      Coordinator coordinator,
      Topics topics,
      KeyValueStore keyValues,
      InstantSource clock,
      RandomGenerator random,
      ByteBudget bytes) {
    this.errors = new DirectErrors(replies, config.bodyBytesMax());
    this.failures = new Failures(random, clock);
    var documents = new JsonDocuments(config.bodyBytesMax());
    var readers =
        new JsonRpcRoute.Readers(
            new JsonRpcReader(documents),
            new SubmitReader(documents, config.stepsMax()),
            new RegistrationReader(documents));
    var mapper = new TransactionMapper(replies, config.zone());
    var gids = new GidGenerator(random);
    var commands =
        new Commands(
            coordinator,
            new SubmitMapper(new CustomDataReader(documents)),
            new RegistrationMapper(),
            new OutcomeAnswers(mapper));

    addCommands(
        new TransactionRoutes(commands, readers.transactions(), readers.registrations(), replies));
    addQuestions(
        new QueryRoutes(new LoadTurns(bytes.bytesMax()), coordinator, mapper, replies, config),
        new KeyValueRoutes(keyValues, mapper, replies, config.listMax()));
    routes.post(
        Paths.RESUME_PARKED, new ParkedRoutes(coordinator, documents, replies, config)::resume);
    addTopics(new TopicRoutes(topics, replies));
    addServer(new ServerRoutes(gids, replies, config.version()));
    routes.get(Paths.NODES, new NodeRoutes(new NodeDirectory(keyValues, clock), replies)::living);
    routes.post(
        Paths.JSON_RPC, new JsonRpcRoute(commands, gids, readers, replies, failures)::answer);
  }

  private void addCommands(TransactionRoutes commands) {
    routes
        .post(Paths.SUBMIT, commands::submit)
        .post(Paths.PREPARE, commands::prepare)
        .post(Paths.ABORT, commands::abort)
        .post(Paths.FORCE_STOP, commands::forceStop)
        .post(Paths.RESET_NEXT_CRON_TIME, commands::resetNextCronTime)
        .post(Paths.PREPARE_WORKFLOW, commands::prepareWorkflow)
        .post(Paths.PARK_WORKFLOW, commands::parkWorkflow)
        .post(Paths.REGISTER_BRANCH, commands::registerBranch)
        .post(Paths.REGISTER_TCC_BRANCH, commands::registerBranch)
        .post(Paths.REGISTER_XA_BRANCH, commands::registerBranch);
  }

  private void addQuestions(QueryRoutes queries, KeyValueRoutes settings) {
    routes
        .get(Paths.QUERY, queries::query)
        .get(Paths.ALL, queries::all)
        .get(Paths.RESET_CRON_TIME, queries::resetCronTime)
        .get(Paths.QUERY_KV, settings::query)
        .get(Paths.SCAN_KV, settings::scan);
  }

  private void addTopics(TopicRoutes topics) {
    routes
        .get(Paths.SUBSCRIBE, topics::subscribe)
        .get(Paths.UNSUBSCRIBE, topics::unsubscribe)
        .deleteIn(Paths.TOPIC, topics::delete);
  }

  private void addServer(ServerRoutes server) {
    routes
        .get(Paths.NEW_GID, server::newGid)
        .get(Paths.VERSION, server::version)
        .any(Paths.PING, server::ping);
  }

  Replies replies() {
    return replies;
  }

  DirectErrors errors() {
    return errors;
  }

  Failures failures() {
    return failures;
  }

  RouteTable routes() {
    return routes;
  }
}
