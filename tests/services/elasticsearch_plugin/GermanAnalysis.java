package monitor.test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.io.Reader;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.de.GermanLightStemFilter;
import org.apache.lucene.analysis.de.GermanNormalizationFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingCharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
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
        filters.put("stemmer", (index, environment, name, settings) -> {
            if ("light_german".equals(settings.get("language")) == false) {
                throw new IllegalArgumentException("only light_german is here");
            }
            return plain(name, GermanLightStemFilter::new);
        });
        return filters;
    }

    @Override
    public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
        return Map.of("mapping", (index, environment, name, settings) -> {
            NormalizeCharMap.Builder builder = new NormalizeCharMap.Builder();
            List<String> rules = settings.getAsList("mappings");
            for (String rule : rules) {
                String[] sides = rule.split("=>", 2);
                builder.add(sides[0].trim(), sides[1].trim());
            }
            NormalizeCharMap map = builder.build();
            return new NormalizingCharFilterFactory() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public Reader create(Reader reader) {
                    return new MappingCharFilter(map, reader);
                }
            };
        });
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
