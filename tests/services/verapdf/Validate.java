import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Checks a file against PDF/UA-1 and prints what fails. */
public class Validate {
    public static void main(String[] names) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.PDFUA_1;
        boolean whole = true;
        for (String name : names) {
            try (FileInputStream file = new FileInputStream(name);
                    PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                    PDFAValidator validator =
                            Foundries.defaultInstance().createValidator(flavour, false)) {
                ValidationResult result = validator.validate(parser);
                whole &= result.isCompliant();
                System.out.println(name + ": compliant=" + result.isCompliant()
                        + " checks=" + result.getTotalAssertions());
                for (TestAssertion each : result.getTestAssertions()) {
                    System.out.println("  " + each.getRuleId() + " " + each.getMessage());
                }
            }
        }
        System.exit(whole ? 0 : 1);
    }
}
