package org.usageledger.api.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What lies in the checkout, and words that do not belong into it. */
final class FileRules {

    private static final Pattern MADE_BY_A_BUILD =
            Pattern.compile("(^|/)(target|build|out|generated|generated-sources|node_modules|\\.idea|\\.vscode)/"
                    + "|\\.(class|jar|war|aot|jsa|log|hprof|jfr|pid|orig|rej|iml|tmp|swp|so|dylib|dll|exe)$|~$");
    private static final Set<String> ROOMS = Set.of(
            "ledger-domain",
            "ledger-projections",
            "ledger-api",
            "migrations",
            "openapi",
            "docs",
            "README.md",
            "pom.xml",
            "ledger",
            "mvnw",
            "mvnw.cmd",
            "LICENSE",
            "CONTRIBUTING.md",
            "CHANGELOG.md",
            "SECURITY.md");

    /** Written in pieces, so that this file does not hold them. */
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");

    private static final Pattern MACHINE_PATH = Pattern.compile(
            "(?<![\\w./$}])/(work|root|home(?!/linuxbrew/)|Users|mnt|workspace)/[\\w.-]+|[A-Z]:\\\\\\\\?Users");

    private FileRules() {}

    static List<Breach> builtFiles(List<String> files) {
        return files.stream()
                .filter(file -> MADE_BY_A_BUILD.matcher(file).find())
                .map(file -> new Breach(file, "is made by a build"))
                .toList();
    }

    /** Hidden files are tools' settings and are let be. */
    static List<Breach> strangers(List<String> files) {
        return files.stream()
                .map(file -> file.split("/", 2)[0])
                .distinct()
                .filter(top -> !top.startsWith(".") && !ROOMS.contains(top))
                .map(top -> new Breach(top, "is none of the rooms"))
                .toList();
    }

    static List<Breach> unfinished(Checkout checkout) {
        return mentions(checkout, UNFINISHED, "a promise to oneself");
    }

    static List<Breach> machinePaths(Checkout checkout) {
        return mentions(checkout, MACHINE_PATH, "a path of one machine");
    }

    private static List<Breach> mentions(Checkout checkout, Pattern words, String what) {
        List<Breach> breaches = new ArrayList<>();
        for (String file : checkout.files()) {
            Matcher matcher = words.matcher(checkout.read(file));
            if (matcher.find()) {
                breaches.add(new Breach(file, what + ": " + matcher.group()));
            }
        }
        return breaches;
    }
}
