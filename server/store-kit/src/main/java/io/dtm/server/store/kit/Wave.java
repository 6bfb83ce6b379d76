package io.dtm.server.store.kit;

import io.dtm.server.core.Gid;
import io.dtm.server.core.WriteCommand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;

/**
 * The part of a batch that can be carried out with a few statements: commands on different
 * transactions, ordered by gid, so that two writers that lock the same rows lock them in the same
 * order. Nearly every batch is one wave; a second command on a gid is in the second, and so on.
 */
public record Wave(
    List<Place<WriteCommand.Create>> creates, List<Place<WriteCommand.Update>> updates) {
  public Wave {
    creates = inOrder(creates);
    updates = inOrder(updates);
  }

  /** A command and its index in the batch, where its outcome belongs. */
  public record Place<C extends WriteCommand>(int index, C command) {}

  private static <C extends WriteCommand> List<Place<C>> inOrder(List<Place<C>> places) {
    return places.stream()
        .sorted(Comparator.comparing((Place<C> place) -> place.command().gid()))
        .toList();
  }

  /** The waves of a batch, to be carried out one after the other. */
  public static List<Wave> of(List<WriteCommand> batch) {
    var creates = new ArrayList<List<Place<WriteCommand.Create>>>();
    var updates = new ArrayList<List<Place<WriteCommand.Update>>>();
    var seen = new HashMap<Gid, Integer>();
    for (int i = 0; i < batch.size(); i++) {
      var command = batch.get(i);
      int wave = seen.merge(command.gid(), 1, Integer::sum) - 1;
      if (wave == creates.size()) {
        creates.add(new ArrayList<>());
        updates.add(new ArrayList<>());
      }
      switch (command) {
        case WriteCommand.Create create -> creates.get(wave).add(new Place<>(i, create));
        case WriteCommand.Update update -> updates.get(wave).add(new Place<>(i, update));
      }
    }
    var waves = new ArrayList<Wave>();
    for (int i = 0; i < creates.size(); i++) {
      waves.add(new Wave(creates.get(i), updates.get(i)));
    }
    return waves;
  }
}
