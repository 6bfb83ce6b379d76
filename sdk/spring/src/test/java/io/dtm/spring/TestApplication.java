package io.dtm.spring;

import io.dtm.client.TransactionClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/** An application on a real web server, over a database that has been laid out anew. */
final class TestApplication implements AutoCloseable {
  private final Path folder;
  private final Tomcat tomcat = new Tomcat();
  private final AnnotationConfigWebApplicationContext context =
      new AnnotationConfigWebApplicationContext();

  private TestApplication(Path folder) {
    this.folder = folder;
  }

  static TestApplication start(
      TestDatabase database, TransactionClient client, Class<?>... configurations) {
    try {
      var application = new TestApplication(Files.createTempDirectory("spring"));
      application.listen(database, client, configurations);
      return application;
    } catch (IOException | LifecycleException e) {
      throw new IllegalStateException(e);
    }
  }

  private void listen(TestDatabase database, TransactionClient client, Class<?>... configurations)
      throws LifecycleException {
    database.layOut();
    tomcat.setBaseDir(folder.toString());
    tomcat.setHostname("127.0.0.1");
    tomcat.setPort(0);
    var root = tomcat.addContext("", folder.toString());
    Tomcat.addServlet(root, "dispatcher", new DispatcherServlet(context));
    root.addServletMappingDecoded("/", "dispatcher");
    tomcat.getConnector();
    tomcat.start();

    var url = "http://127.0.0.1:" + tomcat.getConnector().getLocalPort();
    context.setServletContext(root.getServletContext());
    context.register(configurations);
    context.addBeanFactoryPostProcessor(beans -> {
      beans.registerSingleton("dataSource", database.dataSource());
      beans.registerSingleton("transactionClient", client);
      beans.registerSingleton("ownAddress", new OwnAddress(url));
    });
    context.refresh();
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  String url() {
    return bean(OwnAddress.class).url();
  }

  @Override
  public void close() {
    context.close();
    try {
      tomcat.stop();
      tomcat.destroy();
      FileSystemUtils.deleteRecursively(folder);
    } catch (LifecycleException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
