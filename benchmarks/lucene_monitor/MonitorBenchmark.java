import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.monitor.MatchingQueries;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.monitor.RegexpQueryHandler;
import org.apache.lucene.monitor.TermFilteredPresearcher;
import org.apache.lucene.monitor.TermWeightor;
import org.apache.lucene.queries.spans.SpanNearQuery;
import org.apache.lucene.queries.spans.SpanQuery;
import org.apache.lucene.queries.spans.SpanTermQuery;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RegexpQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.WildcardQuery;

/**
 * Matches articles, given as tokens, against stored queries with Lucene Monitor and reports rate, memory and matches.
 *
 * <p>Arguments: queries file, articles file, file for the matches, seconds to measure, "plain" or "regexp". Plain is how
 * the library is used by default; "regexp" writes wildcards as regular expressions, for which the library can file
 * queries by their letters.
 */
public final class MonitorBenchmark {
  private static final String FIELD = "text";

  private static boolean regexp;

  public static void main(String[] args) throws Exception {
    regexp = args[4].equals("regexp");
    List<String> articles = Files.readAllLines(Path.of(args[1]));
    TermFilteredPresearcher presearcher =
        regexp
            ? new TermFilteredPresearcher(TermWeightor.DEFAULT, List.of(new RegexpQueryHandler()), Set.of())
            : new TermFilteredPresearcher();
    long began = processorTime();
    try (Monitor monitor = new Monitor(new TokenAnalyzer(), presearcher)) {
      register(monitor, Path.of(args[0]));
      double prepared = (processorTime() - began) / 1e9;
      try (PrintWriter out = new PrintWriter(args[2], "UTF-8")) {
        for (String article : articles) {
          List<String> ids = new ArrayList<>();
          for (QueryMatch match : match(monitor, article).getMatches()) {
            ids.add(match.getQueryId());
          }
          out.println(String.join(" ", ids));
        }
      }
      double seconds = Double.parseDouble(args[3]);
      measure(monitor, articles, seconds); // lets the compiler of the virtual machine do its work
      double rate = measure(monitor, articles, seconds);
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      long heap = runtime.totalMemory() - runtime.freeMemory();
      System.out.printf(java.util.Locale.ROOT, "{\"rate\": %.2f, \"prepared\": %.2f, \"heap\": %d}%n", rate, prepared, heap);
    }
  }

  private static void register(Monitor monitor, Path file) throws IOException {
    List<MonitorQuery> batch = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      int tab = line.indexOf('\t');
      Iterator<String> words = List.of(line.substring(tab + 1).split(" ")).iterator();
      batch.add(new MonitorQuery(line.substring(0, tab), read(words, words.next())));
      if (batch.size() == 5000) {
        monitor.register(batch);
        batch.clear();
      }
    }
    monitor.register(batch);
  }

  private static double measure(Monitor monitor, List<String> articles, double seconds) throws IOException {
    long start = processorTime();
    long count = 0;
    while (processorTime() - start < seconds * 1e9) {
      match(monitor, articles.get((int) (count % articles.size())));
      count++;
    }
    return count / ((processorTime() - start) / 1e9);
  }

  /** Nanoseconds of all threads so far, those of the virtual machine included. */
  private static long processorTime() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static MatchingQueries<QueryMatch> match(Monitor monitor, String article) throws IOException {
    Document document = new Document();
    document.add(new TextField(FIELD, article, Field.Store.NO));
    return monitor.match(document, QueryMatch.SIMPLE_MATCHER);
  }

  /** Reads one query in prefix notation: `( or w:krieg p:kreis+herford ( not s:krieg ) )`. */
  private static Query read(Iterator<String> words, String word) {
    if (!word.equals("(")) {
      return leaf(word);
    }
    String operator = words.next();
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    for (String next = words.next(); !next.equals(")"); next = words.next()) {
      if (next.equals("not")) {
        builder.add(leaf(words.next()), Occur.MUST_NOT);
      } else {
        builder.add(read(words, next), operator.equals("or") ? Occur.SHOULD : Occur.MUST);
      }
    }
    return builder.build();
  }

  private static Query leaf(String word) {
    String text = word.substring(2);
    switch (word.charAt(0)) {
      case 'w':
        return new TermQuery(new Term(FIELD, text));
      case 'p':
        return new PhraseQuery(FIELD, text.split("\\+"));
      case 's':
        return regexp ? new RegexpQuery(new Term(FIELD, text + ".*")) : new PrefixQuery(new Term(FIELD, text));
      case 'e':
        return regexp ? new RegexpQuery(new Term(FIELD, ".*" + text)) : new WildcardQuery(new Term(FIELD, "*" + text));
      default:
        String[] parts = text.split("\\+");
        SpanQuery[] sides = {
          new SpanTermQuery(new Term(FIELD, parts[1])), new SpanTermQuery(new Term(FIELD, parts[2]))
        };
        return new SpanNearQuery(sides, Integer.parseInt(parts[0]), false);
    }
  }

  /** Tokens as given: `increment:token`, separated by spaces. */
  private static final class TokenAnalyzer extends Analyzer {
    @Override
    protected TokenStreamComponents createComponents(String fieldName) {
      return new TokenStreamComponents(new GivenTokens());
    }
  }

  private static final class GivenTokens extends Tokenizer {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final PositionIncrementAttribute increment = addAttribute(PositionIncrementAttribute.class);
    private String[] tokens;
    private int next;

    @Override
    public void reset() throws IOException {
      super.reset();
      java.io.StringWriter all = new java.io.StringWriter();
      input.transferTo(all);
      tokens = all.toString().split(" ");
      next = 0;
    }

    @Override
    public boolean incrementToken() {
      clearAttributes();
      if (next == tokens.length || tokens[next].isEmpty()) {
        return false;
      }
      String token = tokens[next++];
      int colon = token.indexOf(':');
      increment.setPositionIncrement(Integer.parseInt(token.substring(0, colon)));
      term.append(token, colon + 1, token.length());
      return true;
    }
  }
}
