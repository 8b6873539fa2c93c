package dev.p2s.netd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * Runs {@code nft} without a process of its own: by libnftables, of which that program is a thin
 * shell. Every arrival and every end of a session is such a command, and starting a program costs
 * several times what the kernel does for it. Other tools are run as they are.
 */
final class NftLibrary implements ProgramRunner {

  private static final String LIBRARY = "libnftables.so.1";
  private static final String NFT = "nft";
  private static final String JSON = "-j";

  /** NFT_CTX_OUTPUT_JSON of nftables/libnftables.h. */
  private static final int OUTPUT_JSON = 1 << 4;

  private final ProgramRunner others;
  private final MethodHandle flags;
  private final MethodHandle execute;
  private final MethodHandle output;
  private final MethodHandle complaint;
  private final MemorySegment context;

  /**
   * @param others runs what is not nft
   * @throws IOException where the library cannot be used
   */
  NftLibrary(ProgramRunner others) throws IOException {
    this.others = others;
    try {
      SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
      flags = function(library, "nft_ctx_output_set_flags", null, ADDRESS, JAVA_INT);
      execute = function(library, "nft_run_cmd_from_buffer", JAVA_INT, ADDRESS, ADDRESS);
      output = function(library, "nft_ctx_get_output_buffer", ADDRESS, ADDRESS);
      complaint = function(library, "nft_ctx_get_error_buffer", ADDRESS, ADDRESS);
      context = (MemorySegment) function(library, "nft_ctx_new", ADDRESS, JAVA_INT).invokeExact(0);
      for (String kept : List.of("nft_ctx_buffer_output", "nft_ctx_buffer_error")) {
        if ((int) function(library, kept, JAVA_INT, ADDRESS).invokeExact(context) != 0) {
          throw new IOException(kept + " failed");
        }
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException(LIBRARY + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static MethodHandle function(
      SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(
            library.findOrThrow(name),
            result == null
                ? FunctionDescriptor.ofVoid(arguments)
                : FunctionDescriptor.of(result, arguments));
  }

  /** As {@code nft [-j] COMMAND …} and {@code nft -f -} do it. */
  @Override
  public synchronized String run(List<String> argv, String input) throws IOException {
    if (!argv.getFirst().equals(NFT)) {
      return others.run(argv, input);
    }
    boolean asJson = argv.contains(JSON);
    String commands =
        argv.contains("-f")
            ? input
            : String.join(" ", argv.stream().skip(1).filter(word -> !word.equals(JSON)).toList());
    try (Arena call = Arena.ofConfined()) {
      flags.invokeExact(context, asJson ? OUTPUT_JSON : 0);
      int status = (int) execute.invokeExact(context, call.allocateFrom(commands));
      // reading a buffer empties it
      String written = text((MemorySegment) output.invokeExact(context));
      String complaints = text((MemorySegment) complaint.invokeExact(context));
      if (status != 0) {
        throw ProgramRunner.failure(NFT, status, complaints);
      }
      return written;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(MemorySegment text) {
    return text.equals(MemorySegment.NULL) ? "" : text.reinterpret(Long.MAX_VALUE).getString(0);
  }
}
