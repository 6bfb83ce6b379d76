package io.dtm.cache;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** All who want to be told. Thread-safe. */
final class Listeners implements CacheListener {
  private final List<CacheListener> all = new CopyOnWriteArrayList<>();

  void add(CacheListener listener) {
    all.add(listener);
  }

  @Override
  public void hit(String key) {
    all.forEach(one -> one.hit(key));
  }

  @Override
  public void stale(String key) {
    all.forEach(one -> one.stale(key));
  }

  @Override
  public void loaded(String key, LoadOutcome outcome, Duration took) {
    all.forEach(one -> one.loaded(key, outcome, took));
  }

  @Override
  public void reloadFailed(String key, Throwable failure) {
    all.forEach(one -> one.reloadFailed(key, failure));
  }

  @Override
  public void waited(Duration took) {
    all.forEach(one -> one.waited(took));
  }

  @Override
  public void bypassed(String key) {
    all.forEach(one -> one.bypassed(key));
  }

  @Override
  public void tagged(String key) {
    all.forEach(one -> one.tagged(key));
  }

  @Override
  public void tagFailed(String key, CacheException failure) {
    all.forEach(one -> one.tagFailed(key, failure));
  }

  @Override
  public void notKept(String key, CacheException failure) {
    all.forEach(one -> one.notKept(key, failure));
  }
}
