// A second opinion on everything the product signs and reads, given by BouncyCastle.
// One file, run from source: see README.md beside it for the commands.

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.engines.SM2Engine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.jcajce.provider.asymmetric.util.ECUtil;
import org.bouncycastle.jcajce.spec.SM2ParameterSpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.bouncycastle.util.Store;

public final class Oracle {
    static final String ALG = "SM3WITHSM2";
    static final ASN1ObjectIdentifier GBT_DATA = new ASN1ObjectIdentifier("1.2.156.10197.6.1.4.2.1");
    static final ASN1ObjectIdentifier GBT_SIGNED_DATA = new ASN1ObjectIdentifier("1.2.156.10197.6.1.4.2.2");
    static final ASN1ObjectIdentifier SM2_SIGN = new ASN1ObjectIdentifier("1.2.156.10197.1.301.1");
    static final ASN1ObjectIdentifier SM4_CBC = new ASN1ObjectIdentifier("1.2.156.10197.1.104.2");
    static final ASN1ObjectIdentifier HMAC_SM3 = new ASN1ObjectIdentifier("1.2.156.10197.1.401.2");
    static final SecureRandom RANDOM = new SecureRandom();

    /** What a command found wrong; its message is the reason printed. */
    static final class Refused extends Exception {
        Refused(String reason) {
            super(reason);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        if (arguments.length == 0) {
            System.out.println("FAIL usage: Oracle.java COMMAND ARGUMENTS... | batch [FILE]");
            System.exit(1);
        }
        boolean good = arguments[0].equals("batch") ? batch(arguments) : one(arguments, false);
        System.out.flush();
        System.exit(good ? 0 : 1);
    }

    /**
     * One command per line, words parted by tabs (or by blanks where the line has no tab); one answer per line.
     * A command after "! " must fail: its failure is answered by OK.
     */
    static boolean batch(String[] arguments) throws Exception {
        boolean good = true;
        InputStreamReader source = arguments.length > 1 && !arguments[1].equals("-")
            ? new InputStreamReader(Files.newInputStream(Path.of(arguments[1])), StandardCharsets.UTF_8)
            : new InputStreamReader(System.in, StandardCharsets.UTF_8);
        try (BufferedReader lines = new BufferedReader(source)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                boolean mustFail = line.startsWith("! ");
                String text = mustFail ? line.substring(2) : line;
                good &= one(text.contains("\t") ? text.split("\t", -1) : text.trim().split(" +"), mustFail);
                System.out.flush();
            }
        }
        return good;
    }

    static boolean one(String[] words, boolean mustFail) {
        String reason;
        try {
            String answer = run(words[0], Arrays.copyOfRange(words, 1, words.length));
            if (!mustFail) {
                System.out.println(answer.isEmpty() ? "OK" : "OK " + answer);
                return true;
            }
            reason = "succeeded although it must not: " + String.join(" ", words);
        } catch (Refused refused) {
            reason = refused.getMessage();
        } catch (ArrayIndexOutOfBoundsException missing) {
            reason = words[0] + ": too few arguments";
            mustFail = false;
        } catch (Exception | LinkageError fault) {
            reason = fault.getClass().getSimpleName() + ": " + String.valueOf(fault.getMessage()).replace('\n', ' ');
        }
        boolean good = mustFail && !reason.startsWith("succeeded");
        System.out.println((good ? "OK refused: " : "FAIL ") + reason);
        return good;
    }

    static String run(String command, String[] a) throws Exception {
        switch (command) {
            case "sm3": return hex(MessageDigest.getInstance("SM3", "BC").digest(read(a[0])));
            case "hmac-sm3": return hmac(unhex(a[0]), read(a[1]));
            case "sm4-cbc-encrypt": return sm4Cbc(Cipher.ENCRYPT_MODE, a);
            case "sm4-cbc-decrypt": return sm4Cbc(Cipher.DECRYPT_MODE, a);
            case "sm4-gcm-encrypt": return sm4Gcm(Cipher.ENCRYPT_MODE, a);
            case "sm4-gcm-decrypt": return sm4Gcm(Cipher.DECRYPT_MODE, a);
            case "gen-sm2": return generate(a[0], a[1]);
            case "sign-sm2": return sign(key(a[0]), read(a[1]), a[2], id(a, 3));
            case "verify-sm2": return verify(spki(a[0]), read(a[1]), read(a[2]), id(a, 3));
            case "encrypt-sm2": return encrypt(spki(a[0]), read(a[1]), a[2]);
            case "decrypt-sm2": return decrypt(key(a[0]), read(a[1]), a[2]);
            case "encrypt-pkcs8": return encryptPkcs8(der(a[0]), a[1], a[2]);
            case "decrypt-pkcs8": return decryptPkcs8(der(a[0]), a[1], a[2]);
            case "make-pkcs12": return makePkcs12(a);
            case "read-pkcs12": return readPkcs12(a);
            case "make-pki": return makePki(Path.of(a[0]));
            case "make-crl": return makeCrl(a);
            case "check-der": return checkDer(read(a[0]));
            case "verify-cert": return verifyCertificate(der(a[0]), certificate(a[1]));
            case "verify-crl": return verifyCrl(der(a[0]), certificate(a[1]));
            case "verify-csr": return verifyRequest(der(a[0]));
            case "make-cms": return makeCms(a);
            case "verify-cms": return verifyCms(a);
            case "make-tsp-request": return makeTspRequest(a);
            case "make-tsp-response": return makeTspResponse(a);
            case "make-tsp-token": return makeTspToken(a);
            case "verify-tsp": return verifyTsp(token(der(a[0])), unhex(a[1]), certificate(a[2]));
            case "verify-tsp-response": return verifyTspResponse(a);
            case "make-ocsp": return makeOcsp(a);
            case "verify-ocsp": return verifyOcsp(a);
            case "verify-ocsp-request": return verifyOcspRequest(a);
            case "verify-seal": return verifySeal(ASN1Sequence.getInstance(read(a[0])));
            case "verify-ses": return verifySes(ASN1Sequence.getInstance(read(a[0])));
            default: throw new Refused("unknown command " + command);
        }
    }

    // ---- files and words

    static byte[] read(String path) throws Exception {
        return Files.readAllBytes(Path.of(path));
    }

    static void write(String path, byte[] bytes) throws Exception {
        Files.write(Path.of(path), bytes);
    }

    /** DER as it is, or the last block of a PEM file. */
    static byte[] der(String path) throws Exception {
        byte[] bytes = read(path);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int begin = text.lastIndexOf("-----BEGIN ");
        if (begin < 0) {
            return bytes;
        }
        int from = text.indexOf('\n', begin);
        int to = text.indexOf("-----END ", from);
        return Base64.getMimeDecoder().decode(text.substring(from, to));
    }

    static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes) {
            text.append(String.format("%02x", one));
        }
        return text.toString();
    }

    static byte[] unhex(String text) throws Refused {
        if (text.equals("-")) {
            return new byte[0];
        }
        if (text.length() % 2 != 0) {
            throw new Refused("odd hexadecimal text");
        }
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(text.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    static String word(String[] a, int at, String otherwise) {
        return a.length > at ? a[at] : otherwise;
    }

    static byte[] id(String[] a, int at) {
        return word(a, at, "1234567812345678").getBytes(StandardCharsets.UTF_8);
    }

    static X509CertificateHolder certificate(String path) throws Exception {
        return new X509CertificateHolder(der(path));
    }

    static X509Certificate java(X509CertificateHolder holder) throws Exception {
        return new JcaX509CertificateConverter().setProvider("BC").getCertificate(holder);
    }

    static PrivateKey key(String path) throws Exception {
        return KeyFactory.getInstance("EC", "BC").generatePrivate(new PKCS8EncodedKeySpec(der(path)));
    }

    /** A public key from SubjectPublicKeyInfo or out of a certificate. */
    static PublicKey spki(String path) throws Exception {
        byte[] bytes = der(path);
        try {
            return KeyFactory.getInstance("EC", "BC").generatePublic(new X509EncodedKeySpec(bytes));
        } catch (Exception notASpki) {
            return java(new X509CertificateHolder(bytes)).getPublicKey();
        }
    }

    static ContentSigner signer(PrivateKey key) throws Exception {
        return new JcaContentSignerBuilder(ALG).setProvider("BC").build(key);
    }

    static ContentVerifierProvider verifier(X509CertificateHolder holder) throws Exception {
        return new JcaContentVerifierProviderBuilder().setProvider("BC").build(holder);
    }

    static DigestCalculator digest(ASN1ObjectIdentifier algorithm) throws Exception {
        return new JcaDigestCalculatorProviderBuilder().setProvider("BC").build().get(new AlgorithmIdentifier(algorithm));
    }

    static void require(boolean condition, String reason) throws Refused {
        if (!condition) {
            throw new Refused(reason);
        }
    }

    /** Every value re-encoded as DER must give the same bytes. */
    static String checkDer(byte[] bytes) throws Exception {
        byte[] again = ASN1Primitive.fromByteArray(bytes).getEncoded(ASN1Encoding.DER);
        require(Arrays.equals(bytes, again), "not DER: re-encoding gives other bytes");
        return "";
    }

    // ---- plain cryptography

    static String hmac(byte[] key, byte[] message) throws Exception {
        Mac mac = Mac.getInstance("HMACSM3", "BC");
        mac.init(new SecretKeySpec(key, "HMACSM3"));
        return hex(mac.doFinal(message));
    }

    static String sm4Cbc(int mode, String[] a) throws Exception {
        Cipher cipher = Cipher.getInstance("SM4/CBC/PKCS7Padding", "BC");
        cipher.init(mode, new SecretKeySpec(unhex(a[0]), "SM4"), new IvParameterSpec(unhex(a[1])));
        write(a[3], cipher.doFinal(read(a[2])));
        return "";
    }

    static String sm4Gcm(int mode, String[] a) throws Exception {
        Cipher cipher = Cipher.getInstance("SM4/GCM/NoPadding", "BC");
        cipher.init(mode, new SecretKeySpec(unhex(a[0]), "SM4"), new GCMParameterSpec(128, unhex(a[1])));
        cipher.updateAAD(unhex(a[2]));
        write(a[4], cipher.doFinal(read(a[3])));
        return "";
    }

    static KeyPair newKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "BC");
        generator.initialize(new ECGenParameterSpec("sm2p256v1"), RANDOM);
        return generator.generateKeyPair();
    }

    static String generate(String keyPath, String spkiPath) throws Exception {
        KeyPair pair = newKey();
        write(keyPath, pair.getPrivate().getEncoded());
        write(spkiPath, pair.getPublic().getEncoded());
        return "";
    }

    static String sign(PrivateKey key, byte[] message, String path, byte[] id) throws Exception {
        Signature signature = Signature.getInstance(ALG, "BC");
        signature.setParameter(new SM2ParameterSpec(id));
        signature.initSign(key, RANDOM);
        signature.update(message);
        write(path, signature.sign());
        return "";
    }

    static String verify(PublicKey key, byte[] message, byte[] value, byte[] id) throws Exception {
        Signature signature = Signature.getInstance(ALG, "BC");
        signature.setParameter(new SM2ParameterSpec(id));
        signature.initVerify(key);
        signature.update(message);
        require(signature.verify(value), "SM2 signature does not verify");
        return "";
    }

    /** GM/T 0009 SM2Cipher: SEQUENCE {x, y, hash, ciphertext}. */
    static String encrypt(PublicKey key, byte[] plain, String path) throws Exception {
        SM2Engine engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
        engine.init(true, new ParametersWithRandom(ECUtil.generatePublicKeyParameter(key), RANDOM));
        byte[] raw = engine.processBlock(plain, 0, plain.length);
        ASN1EncodableVector members = new ASN1EncodableVector();
        members.add(new ASN1Integer(new BigInteger(1, Arrays.copyOfRange(raw, 1, 33))));
        members.add(new ASN1Integer(new BigInteger(1, Arrays.copyOfRange(raw, 33, 65))));
        members.add(new DEROctetString(Arrays.copyOfRange(raw, 65, 97)));
        members.add(new DEROctetString(Arrays.copyOfRange(raw, 97, raw.length)));
        write(path, new DERSequence(members).getEncoded(ASN1Encoding.DER));
        return "";
    }

    static String decrypt(PrivateKey key, byte[] cipher, String path) throws Exception {
        checkDer(cipher);
        ASN1Sequence members = ASN1Sequence.getInstance(cipher);
        require(members.size() == 4, "SM2Cipher has " + members.size() + " members");
        SM2Engine engine = new SM2Engine(SM2Engine.Mode.C1C3C2);
        engine.init(false, ECUtil.generatePrivateKeyParameter(key));
        ECPoint point = ((org.bouncycastle.jce.interfaces.ECPrivateKey) key).getParameters().getCurve().createPoint(
            ASN1Integer.getInstance(members.getObjectAt(0)).getPositiveValue(),
            ASN1Integer.getInstance(members.getObjectAt(1)).getPositiveValue());
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        raw.write(point.getEncoded(false));
        raw.write(ASN1OctetString.getInstance(members.getObjectAt(2)).getOctets());
        raw.write(ASN1OctetString.getInstance(members.getObjectAt(3)).getOctets());
        write(path, engine.processBlock(raw.toByteArray(), 0, raw.size()));
        return "";
    }

    // ---- keys at rest

    static byte[] pbkdf2(Digest digest, String password, byte[] salt, int rounds, int bits) {
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(digest);
        generator.init(password.getBytes(StandardCharsets.UTF_8), salt, rounds);
        return ((KeyParameter) generator.generateDerivedParameters(bits)).getKey();
    }

    /** PBES2 with PBKDF2 over HMAC-SM3 and SM4-CBC. */
    static String encryptPkcs8(byte[] plain, String password, String path) throws Exception {
        byte[] salt = new byte[16];
        byte[] iv = new byte[16];
        RANDOM.nextBytes(salt);
        RANDOM.nextBytes(iv);
        int rounds = 4096;
        Cipher cipher = Cipher.getInstance("SM4/CBC/PKCS7Padding", "BC");
        byte[] key = pbkdf2(new SM3Digest(), password, salt, rounds, 128);
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "SM4"), new IvParameterSpec(iv));
        PBES2Parameters parameters = new PBES2Parameters(
            new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2,
                new PBKDF2Params(salt, rounds, 16, new AlgorithmIdentifier(HMAC_SM3))),
            new EncryptionScheme(SM4_CBC, new DEROctetString(iv)));
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters);
        write(path, new EncryptedPrivateKeyInfo(algorithm, cipher.doFinal(plain)).getEncoded(ASN1Encoding.DER));
        return "";
    }

    static String decryptPkcs8(byte[] sealed, String password, String path) throws Exception {
        EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(sealed);
        require(info.getEncryptionAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2), "not PBES2");
        PBES2Parameters parameters = PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters());
        PBKDF2Params kdf = PBKDF2Params.getInstance(parameters.getKeyDerivationFunc().getParameters());
        ASN1ObjectIdentifier prf = kdf.getPrf().getAlgorithm();
        Digest digest = prf.equals(HMAC_SM3) || prf.equals(GMObjectIdentifiers.hmac_sm3) ? new SM3Digest()
            : prf.equals(PKCSObjectIdentifiers.id_hmacWithSHA256) ? new SHA256Digest() : new SHA1Digest();
        EncryptionScheme scheme = parameters.getEncryptionScheme();
        byte[] iv = ASN1OctetString.getInstance(scheme.getParameters()).getOctets();
        boolean sm4 = scheme.getAlgorithm().equals(SM4_CBC);
        boolean aes256 = scheme.getAlgorithm().equals(NISTObjectIdentifiers.id_aes256_CBC);
        require(sm4 || aes256 || scheme.getAlgorithm().equals(NISTObjectIdentifiers.id_aes128_CBC),
            "cipher " + scheme.getAlgorithm());
        byte[] key = pbkdf2(digest, password, kdf.getSalt(), kdf.getIterationCount().intValueExact(), aes256 ? 256 : 128);
        Cipher cipher = Cipher.getInstance((sm4 ? "SM4" : "AES") + "/CBC/PKCS7Padding", "BC");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, sm4 ? "SM4" : "AES"), new IvParameterSpec(iv));
        byte[] plain = cipher.doFinal(info.getEncryptedData());
        KeyFactory.getInstance("EC", "BC").generatePrivate(new PKCS8EncodedKeySpec(plain));
        write(path, plain);
        return "prf=" + prf + " rounds=" + kdf.getIterationCount() + " cipher=" + scheme.getAlgorithm();
    }

    /** OUT PASSWORD KEY CERT [CA...] */
    static String makePkcs12(String[] a) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12", "BC");
        store.load(null, null);
        List<X509Certificate> chain = new ArrayList<>();
        for (int i = 3; i < a.length; i++) {
            chain.add(java(certificate(a[i])));
        }
        store.setKeyEntry("key", key(a[2]), null, chain.toArray(new X509Certificate[0]));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, a[1].toCharArray());
        write(a[0], out.toByteArray());
        return "";
    }

    /** IN PASSWORD KEY_OUT CERT_OUT */
    static String readPkcs12(String[] a) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12", "BC");
        store.load(new ByteArrayInputStream(read(a[0])), a[1].toCharArray());
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                write(a[2], store.getKey(alias, a[1].toCharArray()).getEncoded());
                write(a[3], store.getCertificate(alias).getEncoded());
                return "chain=" + store.getCertificateChain(alias).length;
            }
        }
        throw new Refused("no key inside");
    }

    // ---- certificates and lists

    static final long DAY = 86_400_000L;

    static X509CertificateHolder issue(
        String subject, PublicKey subjectKey, X509CertificateHolder issuer, X500Name issuerName, PrivateKey issuerKey,
        long serial, boolean ca, KeyUsage usage, KeyPurposeId purpose) throws Exception {
        long now = System.currentTimeMillis();
        SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(subjectKey.getEncoded());
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
            issuerName, BigInteger.valueOf(serial), new Date(now - 30 * DAY), new Date(now + 365 * DAY),
            new X500Name(subject), info);
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
        builder.addExtension(Extension.keyUsage, true, usage);
        builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(info));
        SubjectPublicKeyInfo issuerInfo = issuer == null ? info : issuer.getSubjectPublicKeyInfo();
        builder.addExtension(
            Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuerInfo));
        if (purpose != null) {
            builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
        }
        return builder.build(signer(issuerKey));
    }

    /** OUTDIR: root, ca, maker, signer, signer2, revoked, encrypt, tsa, ocsp (.cer, .key) and ca.crl, root.crl. */
    static String makePki(Path folder) throws Exception {
        Files.createDirectories(folder);
        KeyUsage certSign = new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
        KeyUsage digital = new KeyUsage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation);
        KeyUsage encipher = new KeyUsage(KeyUsage.keyEncipherment | KeyUsage.dataEncipherment);
        KeyPair rootKey = newKey();
        X500Name rootName = new X500Name("C=CN,O=Oracle TEST,CN=Oracle TEST Root");
        X509CertificateHolder root =
            issue(rootName.toString(), rootKey.getPublic(), null, rootName, rootKey.getPrivate(), 1, true, certSign, null);
        save(folder, "root", rootKey, root);
        KeyPair caKey = newKey();
        X509CertificateHolder ca = issue("C=CN,O=Oracle TEST,CN=Oracle TEST CA", caKey.getPublic(), root, rootName,
            rootKey.getPrivate(), 2, true, certSign, null);
        save(folder, "ca", caKey, ca);
        String[] leaves = {"maker", "signer", "signer2", "revoked", "encrypt", "tsa", "ocsp"};
        for (int i = 0; i < leaves.length; i++) {
            KeyPair pair = newKey();
            KeyPurposeId purpose = leaves[i].equals("tsa") ? KeyPurposeId.id_kp_timeStamping
                : leaves[i].equals("ocsp") ? KeyPurposeId.id_kp_OCSPSigning : null;
            X509CertificateHolder leaf = issue("C=CN,O=Oracle TEST,CN=Oracle TEST " + leaves[i], pair.getPublic(), ca,
                ca.getSubject(), caKey.getPrivate(), 100 + i, false, leaves[i].equals("encrypt") ? encipher : digital,
                purpose);
            save(folder, leaves[i], pair, leaf);
        }
        crl(folder.resolve("root.crl").toString(), rootKey.getPrivate(), root, List.of());
        crl(folder.resolve("ca.crl").toString(), caKey.getPrivate(), ca, List.of(BigInteger.valueOf(103)));
        return "";
    }

    static void save(Path folder, String name, KeyPair pair, X509CertificateHolder holder) throws Exception {
        Files.write(folder.resolve(name + ".key"), pair.getPrivate().getEncoded());
        Files.write(folder.resolve(name + ".cer"), holder.getEncoded());
    }

    /** OUT KEY ISSUER [SERIAL...] (decimal) */
    static String makeCrl(String[] a) throws Exception {
        List<BigInteger> serials = new ArrayList<>();
        for (int i = 3; i < a.length; i++) {
            serials.add(new BigInteger(a[i]));
        }
        crl(a[0], key(a[1]), certificate(a[2]), serials);
        return "";
    }

    static void crl(String path, PrivateKey key, X509CertificateHolder issuer, List<BigInteger> serials) throws Exception {
        long now = System.currentTimeMillis();
        X509v2CRLBuilder builder = new X509v2CRLBuilder(issuer.getSubject(), new Date(now - 1000));
        builder.setNextUpdate(new Date(now + 30 * DAY));
        for (BigInteger serial : serials) {
            builder.addCRLEntry(serial, new Date(now - 10 * DAY), CRLReason.keyCompromise);
        }
        builder.addExtension(Extension.authorityKeyIdentifier, false,
            new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuer.getSubjectPublicKeyInfo()));
        builder.addExtension(Extension.cRLNumber, false, new ASN1Integer(1));
        write(path, builder.build(signer(key)).getEncoded());
    }

    static String verifyCertificate(byte[] bytes, X509CertificateHolder issuer) throws Exception {
        checkDer(bytes);
        X509CertificateHolder holder = new X509CertificateHolder(bytes);
        require(holder.getIssuer().equals(issuer.getSubject()), "issuer name differs");
        require(holder.isSignatureValid(verifier(issuer)), "certificate signature does not verify");
        java(holder).verify(java(issuer).getPublicKey(), "BC");
        return "serial=" + holder.getSerialNumber() + " subject=" + holder.getSubject();
    }

    static String verifyCrl(byte[] bytes, X509CertificateHolder issuer) throws Exception {
        checkDer(bytes);
        X509CRLHolder holder = new X509CRLHolder(bytes);
        require(holder.getIssuer().equals(issuer.getSubject()), "issuer name differs");
        require(holder.isSignatureValid(verifier(issuer)), "CRL signature does not verify");
        return "entries=" + holder.getRevokedCertificates().size();
    }

    static String verifyRequest(byte[] bytes) throws Exception {
        checkDer(bytes);
        PKCS10CertificationRequest request = new PKCS10CertificationRequest(bytes);
        ContentVerifierProvider provider =
            new JcaContentVerifierProviderBuilder().setProvider("BC").build(request.getSubjectPublicKeyInfo());
        require(request.isSignatureValid(provider), "request signature does not verify");
        return "subject=" + request.getSubject();
    }

    // ---- signed data

    /** OUT KEY CERT CONTENT [attached|detached] [attrs|noattrs] [rfc|gbt] */
    static String makeCms(String[] a) throws Exception {
        boolean attached = !word(a, 4, "attached").equals("detached");
        boolean attributes = !word(a, 5, "attrs").equals("noattrs");
        boolean gbt = word(a, 6, "rfc").equals("gbt");
        X509CertificateHolder holder = certificate(a[2]);
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(signerInfo(attributes).build(signer(key(a[1])), holder));
        generator.addCertificates(new JcaCertStore(List.of(holder)));
        CMSProcessableByteArray content = gbt
            ? new CMSProcessableByteArray(GBT_DATA, read(a[3])) : new CMSProcessableByteArray(read(a[3]));
        ContentInfo made = generator.generate(content, attached).toASN1Structure();
        write(a[0], (gbt ? relabel(made, GBT_SIGNED_DATA, SM2_SIGN, 1) : made).getEncoded(ASN1Encoding.DER));
        return "";
    }

    static JcaSignerInfoGeneratorBuilder signerInfo(boolean attributes) throws Exception {
        return new JcaSignerInfoGeneratorBuilder(
            new JcaDigestCalculatorProviderBuilder().setProvider("BC").build()).setDirectSignature(!attributes);
    }

    /** Gives another outer identifier and signature algorithm: neither is covered by the signature. */
    static ContentInfo relabel(
        ContentInfo info, ASN1ObjectIdentifier outer, ASN1ObjectIdentifier algorithm, int version) throws Exception {
        ASN1Sequence signed = ASN1Sequence.getInstance(info.getContent().toASN1Primitive());
        ASN1EncodableVector members = new ASN1EncodableVector();
        for (int i = 0; i < signed.size(); i++) {
            if (i == 0 && version > 0) {
                members.add(new ASN1Integer(version));
            } else if (i == signed.size() - 1) {
                ASN1EncodableVector infos = new ASN1EncodableVector();
                for (var each : ASN1Set.getInstance(signed.getObjectAt(i))) {
                    SignerInfo one = SignerInfo.getInstance(each);
                    infos.add(new SignerInfo(one.getSID(), one.getDigestAlgorithm(), one.getAuthenticatedAttributes(),
                        new AlgorithmIdentifier(algorithm), one.getEncryptedDigest(), one.getUnauthenticatedAttributes()));
                }
                members.add(new DERSet(infos));
            } else {
                members.add(signed.getObjectAt(i));
            }
        }
        return new ContentInfo(outer, new DERSequence(members));
    }

    /** CMS SIGNERCERT|- [CONTENT]; a dash takes the certificate that the message carries. */
    static String verifyCms(String[] a) throws Exception {
        byte[] bytes = der(a[0]);
        checkDer(bytes);
        ContentInfo given = ContentInfo.getInstance(bytes);
        ASN1ObjectIdentifier outer = given.getContentType();
        require(outer.equals(GBT_SIGNED_DATA) || outer.equals(CMSObjectIdentifiers.signedData), "outer type " + outer);
        ContentInfo info = relabel(given, CMSObjectIdentifiers.signedData, GMObjectIdentifiers.sm2sign_with_sm3, 0);
        SignedData inner = SignedData.getInstance(info.getContent());
        ASN1ObjectIdentifier type = inner.getEncapContentInfo().getContentType();
        CMSSignedData data = a.length > 2
            ? new CMSSignedData(new CMSProcessableByteArray(type, read(a[2])), info) : new CMSSignedData(info);
        int signers = verifySigners(data, a.length > 1 && !a[1].equals("-") ? certificate(a[1]) : null);
        boolean attributes = data.getSignerInfos().getSigners().iterator().next().getSignedAttributes() != null;
        return "outer=" + outer + " content=" + type + " attached=" + (inner.getEncapContentInfo().getContent() != null)
            + " attributes=" + attributes + " signers=" + signers;
    }

    static int verifySigners(CMSSignedData data, X509CertificateHolder given) throws Exception {
        Store<X509CertificateHolder> carried = data.getCertificates();
        int count = 0;
        for (SignerInformation signer : data.getSignerInfos().getSigners()) {
            X509CertificateHolder holder = given;
            if (holder == null) {
                @SuppressWarnings("unchecked")
                var matches = carried.getMatches(signer.getSID());
                require(!matches.isEmpty(), "the message carries no certificate of its signer");
                holder = (X509CertificateHolder) matches.iterator().next();
            }
            require(signer.getSID().match(holder), "the certificate is not the signer's");
            require(signer.verify(simple(holder)), "CMS signature does not verify");
            count++;
        }
        require(count > 0, "no signer");
        return count;
    }

    static SignerInformationVerifier simple(X509CertificateHolder holder) throws Exception {
        // From the key alone: the dates of the certificate are not judged here.
        return new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(java(holder));
    }

    // ---- timestamps

    /** OUT IMPRINT_HEX [NONCE] */
    static String makeTspRequest(String[] a) throws Exception {
        TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
        generator.setCertReq(true);
        byte[] imprint = unhex(a[1]);
        TimeStampRequest request = a.length > 2 ? generator.generate(GMObjectIdentifiers.sm3, imprint, new BigInteger(a[2]))
            : generator.generate(GMObjectIdentifiers.sm3, imprint);
        write(a[0], request.getEncoded());
        return "";
    }

    static TimeStampTokenGenerator tokens(PrivateKey key, X509CertificateHolder holder) throws Exception {
        TimeStampTokenGenerator generator = new TimeStampTokenGenerator(
            signerInfo(true).build(signer(key), holder), digest(GMObjectIdentifiers.sm3),
            new ASN1ObjectIdentifier("1.2.156.10197.99.1"));
        generator.addCertificates(new JcaCertStore(List.of(holder)));
        return generator;
    }

    /** RESPONSE_OUT KEY CERT REQUEST */
    static String makeTspResponse(String[] a) throws Exception {
        TimeStampRequest request = new TimeStampRequest(read(a[3]));
        Set<ASN1ObjectIdentifier> accepted = new HashSet<>(Set.of(GMObjectIdentifiers.sm3));
        TimeStampResponseGenerator generator =
            new TimeStampResponseGenerator(tokens(key(a[1]), certificate(a[2])), accepted);
        TimeStampResponse response = generator.generate(request, new BigInteger(64, RANDOM), new Date());
        write(a[0], response.getEncoded());
        require(response.getTimeStampToken() != null, "refused: " + response.getStatusString());
        return "";
    }

    /** OUT KEY CERT IMPRINT_HEX [rfc|gbt] [EPOCH_SECONDS] */
    static String makeTspToken(String[] a) throws Exception {
        TimeStampRequest request = new TimeStampRequestGenerator().generate(GMObjectIdentifiers.sm3, unhex(a[3]));
        Date at = a.length > 5 ? new Date(Long.parseLong(a[5]) * 1000) : new Date();
        TimeStampToken token =
            tokens(key(a[1]), certificate(a[2])).generate(request, new BigInteger(64, RANDOM), at);
        ContentInfo made = token.toCMSSignedData().toASN1Structure();
        boolean gbt = word(a, 4, "rfc").equals("gbt");
        write(a[0], (gbt ? relabel(made, GBT_SIGNED_DATA, SM2_SIGN, 0) : made).getEncoded(ASN1Encoding.DER));
        return "";
    }

    static TimeStampToken token(byte[] bytes) throws Exception {
        ContentInfo given = ContentInfo.getInstance(bytes);
        return new TimeStampToken(
            relabel(given, CMSObjectIdentifiers.signedData, GMObjectIdentifiers.sm2sign_with_sm3, 0));
    }

    static String verifyTsp(TimeStampToken token, byte[] imprint, X509CertificateHolder holder) throws Exception {
        require(Arrays.equals(imprint, token.getTimeStampInfo().getMessageImprintDigest()), "imprint differs");
        require(token.getTimeStampInfo().getMessageImprintAlgOID().equals(GMObjectIdentifiers.sm3), "imprint is not SM3");
        token.validate(simple(holder));
        return "time=" + token.getTimeStampInfo().getGenTime().toInstant()
            + " serial=" + token.getTimeStampInfo().getSerialNumber();
    }

    /** RESPONSE REQUEST CERT */
    static String verifyTspResponse(String[] a) throws Exception {
        TimeStampResponse response = new TimeStampResponse(read(a[0]));
        TimeStampRequest request = new TimeStampRequest(read(a[1]));
        response.validate(request);
        require(response.getTimeStampToken() != null, "no token: " + response.getStatusString());
        return verifyTsp(response.getTimeStampToken(), request.getMessageImprintDigest(), certificate(a[2]));
    }

    // ---- certificate status

    /** OUT KEY RESPONDER ISSUER SUBJECT good|revoked|unknown [sm3|sha1|sha256] */
    static String makeOcsp(String[] a) throws Exception {
        String name = word(a, 6, "sm3");
        ASN1ObjectIdentifier algorithm = name.equals("sha1") ? OIWObjectIdentifiers.idSHA1
            : name.equals("sha256") ? NISTObjectIdentifiers.id_sha256 : GMObjectIdentifiers.sm3;
        X509CertificateHolder responder = certificate(a[2]);
        CertificateID subject =
            new CertificateID(digest(algorithm), certificate(a[3]), certificate(a[4]).getSerialNumber());
        long now = System.currentTimeMillis();
        CertificateStatus status = a[5].equals("good") ? CertificateStatus.GOOD
            : a[5].equals("revoked") ? new RevokedStatus(new Date(now - 10 * DAY), CRLReason.keyCompromise)
            : new UnknownStatus();
        BasicOCSPRespBuilder builder = new BasicOCSPRespBuilder(new RespID(responder.getSubject()));
        builder.addResponse(subject, status, new Date(now - 1000), new Date(now + DAY), null);
        BasicOCSPResp basic =
            builder.build(signer(key(a[1])), new X509CertificateHolder[] {responder}, new Date(now));
        write(a[0], new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, basic).getEncoded());
        return "";
    }

    /** RESPONSE RESPONDER [ISSUER SUBJECT] */
    static String verifyOcsp(String[] a) throws Exception {
        byte[] bytes = read(a[0]);
        checkDer(bytes);
        OCSPResp response = new OCSPResp(bytes);
        require(response.getStatus() == OCSPRespBuilder.SUCCESSFUL, "response status " + response.getStatus());
        BasicOCSPResp basic = (BasicOCSPResp) response.getResponseObject();
        require(basic.isSignatureValid(verifier(certificate(a[1]))), "OCSP signature does not verify");
        List<String> found = new ArrayList<>();
        for (SingleResp single : basic.getResponses()) {
            if (a.length > 3) {
                require(matches(single.getCertID(), certificate(a[2]), certificate(a[3])), "another certificate's status");
            }
            CertificateStatus status = single.getCertStatus();
            found.add(status == CertificateStatus.GOOD ? "good" : status instanceof RevokedStatus ? "revoked" : "unknown");
        }
        return "status=" + String.join(",", found);
    }

    /** REQUEST ISSUER SUBJECT */
    static String verifyOcspRequest(String[] a) throws Exception {
        OCSPReq request = new OCSPReq(read(a[0]));
        require(request.getRequestList().length > 0, "asks for nothing");
        CertificateID asked = request.getRequestList()[0].getCertID();
        require(matches(asked, certificate(a[1]), certificate(a[2])), "asks for another certificate");
        return "hash=" + asked.getHashAlgOID();
    }

    static boolean matches(CertificateID id, X509CertificateHolder issuer, X509CertificateHolder subject) throws Exception {
        return id.getSerialNumber().equals(subject.getSerialNumber())
            && id.matchesIssuer(issuer, new JcaDigestCalculatorProviderBuilder().setProvider("BC").build());
    }

    // ---- electronic seals, versions 4 and 5: the two signatures, nothing else

    static String verifySeal(ASN1Sequence seal) throws Exception {
        require(seal.size() == 4 || seal.size() == 5, "a seal of " + seal.size() + " members");
        verifyMembers(seal, "maker");
        ASN1Sequence header = ASN1Sequence.getInstance(ASN1Sequence.getInstance(seal.getObjectAt(0)).getObjectAt(0));
        return "version=" + ASN1Integer.getInstance(header.getObjectAt(1)).getValue();
    }

    static String verifySes(ASN1Sequence signature) throws Exception {
        require(signature.size() == 4 || signature.size() == 5, "a signature of " + signature.size() + " members");
        ASN1Sequence toSign = ASN1Sequence.getInstance(signature.getObjectAt(0));
        String seal = verifySeal(ASN1Sequence.getInstance(toSign.getObjectAt(1)));
        verifyMembers(signature, "signer");
        ASN1BitString hash = ASN1BitString.getInstance(toSign.getObjectAt(3));
        return seal + " hash=" + hex(hash.getOctets()).toLowerCase(Locale.ROOT);
    }

    /** {signed, certificate, algorithm, value, ...} */
    static void verifyMembers(ASN1Sequence members, String whose) throws Exception {
        byte[] signed = members.getObjectAt(0).toASN1Primitive().getEncoded(ASN1Encoding.DER);
        X509CertificateHolder holder =
            new X509CertificateHolder(ASN1OctetString.getInstance(members.getObjectAt(1)).getOctets());
        ASN1ObjectIdentifier algorithm = ASN1ObjectIdentifier.getInstance(members.getObjectAt(2));
        require(algorithm.equals(GMObjectIdentifiers.sm2sign_with_sm3), whose + " algorithm " + algorithm);
        byte[] value = ASN1BitString.getInstance(members.getObjectAt(3)).getOctets();
        try {
            verify(java(holder).getPublicKey(), signed, value, "1234567812345678".getBytes(StandardCharsets.UTF_8));
        } catch (Refused refused) {
            throw new Refused(whose + ": " + refused.getMessage());
        }
    }
}
