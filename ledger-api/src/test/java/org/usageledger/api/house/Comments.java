package org.usageledger.api.house;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What stands in comments. */
final class Comments {

    /** Strings and characters are matched too, so that what looks like a comment inside one is passed over. */
    private static final Pattern TOKEN = Pattern.compile(
            "\"\"\"(?s:.*?)(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])*'|(?<comment>//[^\\n]*|/\\*(?s:.*?)\\*/)");

    private static final Pattern CODE =
            Pattern.compile("^//\\s*(\\S.*;|[\\w.]+\\(.*\\)\\s*\\{?|}|(if|for|while|return|import)\\b.*[;{])\\s*$");
    private static final Pattern DIARY = Pattern.compile(
            "(?i)(?<![&\\w])#\\d+|\\bissue \\d+|\\b(JIRA|GH)-\\d+|@author|@since|\\b(previously|formerly|used to be|was changed|has been changed"
                    + "|we changed|refactored|legacy code|old implementation)\\b|\\b20\\d\\d-\\d\\d-\\d\\d: ");
    private static final Pattern BANNER = Pattern.compile("[-=*#/_]{5,}");

    private Comments() {}

    static List<Breach> codeInComments(List<Source> sources) {
        return matching(sources, CODE, "code in a comment");
    }

    static List<Breach> diaries(List<Source> sources) {
        return matching(sources, DIARY, "history belongs to the version control");
    }

    static List<Breach> banners(List<Source> sources) {
        return matching(sources, BANNER, "a banner: make it a type of its own instead");
    }

    private static List<Breach> matching(List<Source> sources, Pattern wrong, String what) {
        List<Breach> breaches = new ArrayList<>();
        for (Source source : sources) {
            comments(source)
                    .filter(comment -> wrong.matcher(comment.text).find())
                    .forEach(comment -> breaches.add(new Breach(
                            source.path(), "line " + comment.line + ": " + what + ": " + comment.firstLine())));
        }
        return breaches;
    }

    private static Stream<Comment> comments(Source source) {
        Matcher token = TOKEN.matcher(source.text());
        List<Comment> found = new ArrayList<>();
        while (token.find()) {
            String comment = token.group("comment");
            if (comment != null) {
                found.add(new Comment(source.lineAt(token.start()), comment));
            }
        }
        return found.stream();
    }

    private record Comment(int line, String text) {
        String firstLine() {
            return text.lines().findFirst().orElse("");
        }
    }
}
