package dev.p2s.netd;

import dev.p2s.dataplane.kernel.NetdWire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * The pod's hand in the kernel: the only process of a gateway pod with a capability (NET_ADMIN), a
 * plain program of the same jar. It carries out typed commands of the agent and decides nothing.
 * {@code P2S_RUN_DIR} (default {@code /run/p2s}) is the directory that the pod's containers share.
 */
public final class Netd {

  private Netd() {}

  public static void main(String[] args) throws IOException {
    Path run = Path.of(System.getenv().getOrDefault("P2S_RUN_DIR", "/run/p2s"));
    ProgramRunner programs = new NftLibrary(new ChildProcesses());
    PodKernel kernel =
        new PodKernel(programs, PacketForwarding.ofThisPod(), RandomGenerator.getDefault());
    kernel.readGrants();
    new NetdServer(
            run.resolve(NetdWire.SOCKET),
            new CommandExecutor(kernel, new TrafficShaper(programs), new PacketCounters(programs)))
        .serve();
  }
}
