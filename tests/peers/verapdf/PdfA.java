// Judges PDF files by the rules of veraPDF, which the jar on the class path has: java -cp JAR PdfA.java 2a,ua1 FILE…
// Rules are read here, as the jar lacks what veraPDF itself reads its XML with.

import java.io.FileInputStream;
import java.io.InputStream;
import java.util.*;
import java.util.logging.LogManager;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.*;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.*;
import org.verapdf.pdfa.validation.profiles.*;
import org.w3c.dom.*;

public class PdfA {
    public static void main(String[] args) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        boolean allHold = args.length > 1;
        for (String name : args[0].split(",")) {
            PDFAFlavour flavour = PDFAFlavour.byFlavourId(name);
            ValidationProfile profile = profile(flavour);
            for (String file : Arrays.asList(args).subList(1, args.length)) {
                try (InputStream in = new FileInputStream(file); PDFAParser parser = Foundries.defaultInstance().createParser(in, flavour);
                        PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, false)) {
                    ValidationResult result = validator.validate(parser);
                    System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + name + " " + file + ": " + profile.getRules().size() + " rules, "
                        + result.getTotalAssertions() + " assertions");
                    for (TestAssertion one : result.getTestAssertions()) {
                        if (one.getStatus() == TestAssertion.Status.FAILED) {
                            RuleId rule = one.getRuleId();
                            System.out.println("  " + rule.getClause() + "-" + rule.getTestNumber() + ": " + one.getMessage() + " @ "
                                + one.getLocation().getContext());
                        }
                    }
                    allHold &= result.isCompliant();
                }
            }
        }
        System.exit(allHold ? 0 : 1);
    }

    static ValidationProfile profile(PDFAFlavour flavour) throws Exception {
        // PDFA_2_A is PDFA-2A, PDFUA_1 is PDFUA-1.
        String path = "/org/verapdf/pdfa/validation/" + flavour.name().replaceFirst("_", "-").replace("_", "") + ".xml";
        Document document;
        try (InputStream in = ValidationProfile.class.getResourceAsStream(path)) {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
        Set<Rule> rules = new HashSet<>();
        for (Element rule : all(document.getDocumentElement(), "rule")) {
            Element id = all(rule, "id").get(0), error = all(rule, "error").get(0);
            RuleId ruleId = Profiles.ruleIdFromValues(PDFAFlavour.Specification.valueOf(id.getAttribute("specification")), id.getAttribute("clause"),
                Integer.parseInt(id.getAttribute("testNumber")));
            List<ErrorArgument> arguments = new ArrayList<>();
            for (Element argument : all(error, "argument")) {
                arguments.add(ErrorArgumentImpl.fromValues(argument.getTextContent(), null, null));
            }
            Boolean deferred = rule.hasAttribute("deferred") ? Boolean.valueOf(rule.getAttribute("deferred")) : null;
            rules.add(Profiles.ruleFromValues(ruleId, rule.getAttribute("object"), deferred, rule.getAttribute("tags"),
                all(rule, "description").get(0).getTextContent(), all(rule, "test").get(0).getTextContent(),
                Profiles.errorFromValues(all(error, "message").get(0).getTextContent(), arguments), new ArrayList<>()));
        }
        Set<Variable> variables = new HashSet<>();
        for (Element variable : all(document.getDocumentElement(), "variable")) {
            variables.add(Profiles.variableFromValues(variable.getAttribute("name"), variable.getAttribute("object"),
                all(variable, "defaultValue").get(0).getTextContent(), all(variable, "value").get(0).getTextContent()));
        }
        return Profiles.profileFromValues(flavour, Profiles.profileDetailsFromValues("", "", "", new Date(0)), "", rules, variables);
    }

    static List<Element> all(Element of, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = of.getElementsByTagName(name);
        for (int at = 0; at < nodes.getLength(); at++) {
            found.add((Element) nodes.item(at));
        }
        return found;
    }
}
