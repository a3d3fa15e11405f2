package monitor.test;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.compound.DictionaryCompoundWordTokenFilter;
import org.apache.lucene.analysis.de.GermanLightStemFilter;
import org.apache.lucene.analysis.de.GermanNormalizationFilter;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.KeywordRepeatFilter;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * Gives the small distribution of Elasticsearch the filters that our mapping uses, under the names that every full
 * distribution has for them. For tests only: the classes behind them are Lucene's own.
 */
public class GermanAnalysis extends Plugin implements AnalysisPlugin {

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        Map<String, AnalysisProvider<TokenFilterFactory>> filters = new HashMap<>();
        filters.put("german_normalization", (index, environment, name, settings) ->
            normalizing(name, GermanNormalizationFilter::new));
        filters.put("asciifolding", (index, environment, name, settings) ->
            normalizing(name, ASCIIFoldingFilter::new));
        // The only language that our mapping asks for.
        filters.put("stemmer", (index, environment, name, settings) -> plain(name, GermanLightStemFilter::new));
        filters.put("keyword_repeat", (index, environment, name, settings) ->
            plain(name, KeywordRepeatFilter::new));
        filters.put("remove_duplicates", (index, environment, name, settings) ->
            plain(name, RemoveDuplicatesTokenFilter::new));
        filters.put("dictionary_decompounder", (index, environment, name, settings) -> {
            CharArraySet words = new CharArraySet(settings.getAsList("word_list"), false);
            int least = settings.getAsInt("min_subword_size", 2);
            return plain(name, tokens -> new DictionaryCompoundWordTokenFilter(tokens, words, 5, least, 15, false));
        });
        // What the server's own index of accounts and API keys is made with.
        filters.put("pattern_capture", (index, environment, name, settings) -> {
            Pattern[] patterns = settings.getAsList("patterns").stream().map(Pattern::compile).toArray(Pattern[]::new);
            boolean keep = settings.getAsBoolean("preserve_original", true);
            return plain(name, tokens -> new PatternCaptureGroupTokenFilter(tokens, keep, patterns));
        });
        filters.put("unique", (index, environment, name, settings) -> plain(name, RemoveDuplicatesTokenFilter::new));
        return filters;
    }

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of("uax_url_email", (index, environment, name, settings) ->
            TokenizerFactory.newFactory(name, UAX29URLEmailTokenizer::new));
    }

    private static TokenFilterFactory plain(String name, UnaryOperator<TokenStream> filter) {
        return new TokenFilterFactory() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public TokenStream create(TokenStream tokens) {
                return filter.apply(tokens);
            }
        };
    }

    private static TokenFilterFactory normalizing(String name, UnaryOperator<TokenStream> filter) {
        return new NormalizingTokenFilterFactory() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public TokenStream create(TokenStream tokens) {
                return filter.apply(tokens);
            }
        };
    }
}
