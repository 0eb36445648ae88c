package org.usageledger.api.access;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Tokens that claim everything and prove nothing. */
final class ForgedTokens {
    private static final String SCOPE = "cloud_controller.admin";

    private final TestIssuer issuer;
    private final RandomGenerator random;
    private final RSAKey stranger = TestIssuer.newKey("stranger");
    private final ECKey strangersCurve;
    private final Map<String, String> tokens = new LinkedHashMap<>();

    ForgedTokens(TestIssuer issuer, RandomGenerator random) {
        this.issuer = issuer;
        this.random = random;
        try {
            strangersCurve = new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By what is wrong with them; other ones each time. */
    Map<String, String> all() {
        tokens.clear();
        try {
            otherKeys();
            keysFromTheHeader();
            secretsThatArePublic();
            otherClaims();
            oddClaims();
            otherShapes();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        damaged();
        return tokens;
    }

    private static JWTClaimsSet good() {
        return TestIssuer.claims(SCOPE).build();
    }

    private JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(issuer.key().getKeyID());
    }

    private void otherKeys() throws JOSEException {
        put("wrong key", TestIssuer.signed(header().build(), good(), stranger));
        put(
                "unknown key",
                TestIssuer.signed(header().keyID("key-" + random.nextInt()).build(), good(), stranger));
        put(
                "no key id, wrong key",
                TestIssuer.signed(new JWSHeader.Builder(JWSAlgorithm.PS512).build(), good(), stranger));
        JWSHeader curve = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .keyID(issuer.key().getKeyID())
                .build();
        SignedJWT other = new SignedJWT(curve, good());
        other.sign(new ECDSASigner(strangersCurve));
        put("another kind of key", other.serialize());
    }

    private void keysFromTheHeader() {
        URI elsewhere = URI.create("http://127.0.0.1:9/keys");
        put(
                "jwk in the header",
                TestIssuer.signed(header().jwk(stranger.toPublicJWK()).build(), good(), stranger));
        put(
                "jku in the header",
                TestIssuer.signed(header().keyID("stranger").jwkURL(elsewhere).build(), good(), stranger));
        put(
                "x5u in the header",
                TestIssuer.signed(header().x509CertURL(elsewhere).build(), good(), stranger));
        put(
                "unknown crit",
                TestIssuer.signed(
                        header().criticalParams(java.util.Set.of("understand-me"))
                                .customParam("understand-me", true)
                                .build(),
                        good(),
                        issuer.key()));
        put(
                "no token by its type",
                TestIssuer.signed(
                        header().type(new JOSEObjectType("logout+jwt")).build(), good(), issuer.key()));
    }

    private void secretsThatArePublic() throws JOSEException {
        byte[] published = issuer.key().toRSAPublicKey().getEncoded();
        byte[] pem = ("-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(published) + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] modulus = issuer.key().getModulus().decode();
        for (byte[] secret : List.of(published, pem, modulus)) {
            for (JWSAlgorithm algorithm : JWSAlgorithm.Family.HMAC_SHA) {
                SignedJWT token = new SignedJWT(
                        new JWSHeader.Builder(algorithm)
                                .keyID(issuer.key().getKeyID())
                                .build(),
                        good());
                token.sign(new MACSigner(secret));
                put(algorithm + " with the public key of " + secret.length + " bytes", token.serialize());
            }
        }
        put("alg none", new PlainJWT(good()).serialize());
        String[] parts = signedWell().split("\\.", -1);
        for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
            String header = base64("{\"alg\":\"" + none + "\",\"kid\":\"key-1\"}");
            put("alg " + none + " without signature", header + "." + parts[1] + ".");
            put("alg " + none + " with signature", header + "." + parts[1] + "." + parts[2]);
        }
    }

    private void otherClaims() {
        Instant now = Instant.now();
        put(
                "expired",
                issuer.signed(TestIssuer.claims(SCOPE)
                        .expirationTime(
                                Date.from(now.minus(TokenCheck.CLOCK_SKEW).minusSeconds(1 + random.nextInt(1_000_000))))
                        .build()));
        put(
                "not yet",
                issuer.signed(TestIssuer.claims(SCOPE)
                        .notBeforeTime(Date.from(now.plus(Duration.ofMinutes(2 + random.nextInt(1_000)))))
                        .build()));
        put(
                "no expiry",
                issuer.signed(TestIssuer.claims(SCOPE).expirationTime(null).build()));
        put(
                "another audience",
                issuer.signed(TestIssuer.claims(SCOPE)
                        .audience("usage_ledger_" + random.nextInt())
                        .build()));
        put(
                "no audience",
                issuer.signed(TestIssuer.claims(SCOPE).audience((String) null).build()));
        put(
                "another issuer",
                issuer.signed(
                        TestIssuer.claims(SCOPE).issuer(TestIssuer.ISSUER + "/").build()));
        put("no issuer", issuer.signed(TestIssuer.claims(SCOPE).issuer(null).build()));
        put(
                "nobody",
                issuer.signed(TestIssuer.claims(SCOPE)
                        .subject(null)
                        .claim("client_id", null)
                        .build()));
    }

    private void oddClaims() {
        put(
                "times that are texts",
                claimed("{\"iss\":\"" + TestIssuer.ISSUER + "\",\"aud\":\"usage_ledger\",\"sub\":\"a\","
                        + "\"scope\":[\"" + SCOPE + "\"],\"exp\":\"tomorrow\"}"));
        put(
                "two expiries",
                claimed("{\"iss\":\"" + TestIssuer.ISSUER + "\",\"aud\":\"usage_ledger\",\"sub\":\"a\","
                        + "\"scope\":[\"" + SCOPE + "\"],\"exp\":1,\"exp\":1}"));
        put("deeply nested", claimed("{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"));
        put("no object", claimed("[]"));
        put("nothing", claimed(""));
    }

    /** Signed by the issuer's own key, whatever it says: shows that the claims are looked at, too. */
    private String claimed(String json) {
        try {
            JWSObject token = new JWSObject(header().build(), new Payload(json));
            token.sign(new RSASSASigner(issuer.key()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void otherShapes() throws JOSEException {
        JWEObject sealed = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)
                        .contentType("JWT")
                        .build(),
                new Payload(TestIssuer.signed(header().build(), good(), stranger)));
        sealed.encrypt(new RSAEncrypter(issuer.key().toPublicJWK()));
        put("encrypted to the issuer", sealed.serialize());
        put("a token within a token", claimed(signedWell()));
        String[] parts = signedWell().split("\\.", -1);
        put("no signature", parts[0] + "." + parts[1] + ".");
        put("two parts", parts[0] + "." + parts[1]);
        put("four parts", signedWell() + "." + parts[2]);
        put("only dots", "..");
        put("header nested deeply", base64("{\"alg\":" + "[".repeat(4_000)) + "." + parts[1] + "." + parts[2]);
        put(
                "two key ids",
                base64("{\"alg\":\"RS256\",\"kid\":\"key-1\",\"kid\":\"stranger\"}") + "." + parts[1] + "." + parts[2]);
        put(
                "claims of another token",
                parts[0] + "."
                        + base64(
                                TestIssuer.claims(SCOPE).subject("root").build().toString()) + "." + parts[2]);
        put("long", signedWell() + "A".repeat(8_000));
    }

    private void damaged() {
        for (int i = 0; i < 8; i++) {
            String good = signedWell();
            int cut = 1 + random.nextInt(good.length() - 2);
            put("cut at " + cut, good.substring(0, cut));
            byte[] bytes = good.getBytes(StandardCharsets.US_ASCII);
            // The last character of a part has bits that count for nothing: those are left alone.
            int at = random.nextInt(good.lastIndexOf('.') - 8) + 1;
            bytes[at] = (byte) (bytes[at] == 'A' ? 'B' : 'A');
            String flipped = new String(bytes, StandardCharsets.US_ASCII);
            put("changed at " + at, flipped);
        }
        put("noise", base64(Long.toString(random.nextLong(), 36)) + "." + base64("{}") + "." + base64("x"));
    }

    private String signedWell() {
        return issuer.signed(good());
    }

    private static String base64(String text) {
        return Base64URL.encode(text).toString();
    }

    private void put(String name, String token) {
        tokens.put(name, token);
    }
}
