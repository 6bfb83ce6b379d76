package io.dtm.server.transfer;

import java.util.ArrayList;
import java.util.List;

/** A reference's store that is a list. */
final class ListedReference implements ReferenceStore {
  private final List<Row> rows = new ArrayList<>();
  private final List<ReferenceTopic> topics;
  private int marks;
  private int worksFrom = Integer.MAX_VALUE;

  ListedReference(List<ReferenceTransaction> transactions, List<ReferenceTopic> topics) {
    transactions.forEach(transaction -> rows.add(new Row.Found(transaction)));
    this.topics = topics;
  }

  static ListedReference of(ReferenceTransaction... transactions) {
    return new ListedReference(List.of(transactions), List.of());
  }

  void addUnreadable(String gid) {
    rows.add(new Row.Damaged(gid, 2, "gone"));
  }

  /** From this look at it on, each finds it changed. */
  void worksFrom(int look) {
    worksFrom = look;
  }

  @Override
  public String describe() {
    return "a list";
  }

  @Override
  public Counts counts() {
    return new Counts(rows.size(), rows.stream().mapToInt(Row::branches).sum(), topics.size());
  }

  @Override
  public String mark() {
    marks++;
    return marks < worksFrom ? "still" : "look " + marks;
  }

  @Override
  public Page list(String position, int limit) {
    int start = position.isEmpty() ? 0 : Integer.parseInt(position);
    int end = Math.min(rows.size(), start + limit);
    return new Page(rows.subList(start, end), end < rows.size() ? Integer.toString(end) : "");
  }

  @Override
  public List<ReferenceTopic> topics() {
    return topics;
  }

  @Override
  public void close() {}
}
