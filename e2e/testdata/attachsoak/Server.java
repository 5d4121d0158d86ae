import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** An HTTP server on a JVM: code is compiled and garbage collected while it answers. */
public class Server {
	static final byte[][] kept = new byte[64][];

	public static void main(String[] args) throws Exception {
		HttpServer s = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 64);
		s.createContext("/", exchange -> {
			int n = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
			kept[n % kept.length] = new byte[1 + n % 70000];
			byte[] b = (n + " " + (3 * n + 1) + "\n").getBytes();
			exchange.sendResponseHeaders(200, b.length);
			exchange.getResponseBody().write(b);
			exchange.close();
		});
		s.setExecutor(Executors.newFixedThreadPool(4));
		s.start();
	}
}
