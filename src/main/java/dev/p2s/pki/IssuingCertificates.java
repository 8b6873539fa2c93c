package dev.p2s.pki;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the certificates between a root and its clients, and sees that each leads to the root. */
public final class IssuingCertificates {

  /** Most certificates below one root. */
  public static final int MOST = 16;

  private static final int KEY_CERT_SIGN = 5;

  private IssuingCertificates() {}

  /**
   * What was read.
   *
   * @param usable those that may issue now
   * @param leftOut a clause about each that may not, since its time has gone or not come
   */
  public record Issuing(List<X509Certificate> usable, List<String> leftOut) {

    public static final Issuing NONE = new Issuing(List.of(), List.of());

    public Issuing {
      usable = List.copyOf(usable);
      leftOut = List.copyOf(leftOut);
    }
  }

  /**
   * @param pem one certificate after the other, in any order
   * @throws IllegalArgumentException where one is no authority or does not lead to the root: a
   *     clause that says which and what to do
   */
  public static Issuing read(String pem, X509Certificate root, Instant now) {
    if (pem.length() > CertificateReader.LIMIT) {
      throw new IllegalArgumentException(
          "is longer than " + CertificateReader.LIMIT + " characters");
    }
    if (pem.contains("PRIVATE KEY")) {
      throw new IllegalArgumentException(
          "holds a PRIVATE KEY; treat it as exposed; upload only certificates");
    }
    List<X509Certificate> all =
        Pem.parseCertificates(pem).stream().filter(one -> !one.equals(root)).distinct().toList();
    if (all.size() > MOST) {
      throw new IllegalArgumentException(
          "holds " + all.size() + " certificates; " + MOST + " can be below one root");
    }
    List<X509Certificate> usable = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (X509Certificate one : all) {
      List<X509Certificate> path = pathOf(one, all, root);
      if (isValid(path, root, now)) {
        usable.add(one);
      } else {
        leftOut.add(
            CertificateReader.shown(one.getSubjectX500Principal())
                + " (valid from "
                + one.getNotBefore().toInstant()
                + " to "
                + one.getNotAfter().toInstant()
                + ")");
      }
    }
    return new Issuing(usable, leftOut);
  }

  /** Whether a certificate names another one as its issuer and is signed with its key. */
  public static boolean hasIssued(X509Certificate issuer, X509Certificate certificate) {
    if (!issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return false;
    }
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static List<X509Certificate> pathOf(
      X509Certificate one, List<X509Certificate> all, X509Certificate root) {
    String subject = CertificateReader.shown(one.getSubjectX500Principal());
    boolean[] usage = one.getKeyUsage();
    if (one.getBasicConstraints() < 0 || (usage != null && !usage[KEY_CERT_SIGN])) {
      throw new IllegalArgumentException(
          "has the certificate of " + subject + ", which is no certificate authority; take it out");
    }
    List<X509Certificate> path = path(one, all, root);
    if (path.isEmpty()) {
      throw new IllegalArgumentException(
          "has the certificate of "
              + subject
              + ", which does not lead to the root; put what is between them beside it, or make a"
              + " RootCertificate of it");
    }
    if (!mayBeSoLong(path, root)) {
      throw new IllegalArgumentException(
          "has the certificate of "
              + subject
              + ", below which the path length of its authorities allows no clients; take it out");
    }
    return path;
  }

  /** From the certificate up to the one that the root has issued; empty where there is no way. */
  private static List<X509Certificate> path(
      X509Certificate from, List<X509Certificate> all, X509Certificate root) {
    List<X509Certificate> path = new ArrayList<>(List.of(from));
    while (!hasIssued(root, path.getLast())) {
      X509Certificate below = path.getLast();
      Optional<X509Certificate> above =
          all.stream().filter(one -> !path.contains(one) && hasIssued(one, below)).findFirst();
      if (above.isEmpty()) {
        return List.of();
      }
      path.add(above.get());
    }
    return path;
  }

  // a validator takes the last of a path for a client, whose authority it is here
  private static boolean mayBeSoLong(List<X509Certificate> path, X509Certificate root) {
    int below = 0;
    for (X509Certificate one : path) {
      if (one.getBasicConstraints() < below) {
        return false;
      }
      below++;
    }
    return root.getBasicConstraints() >= below;
  }

  private static boolean isValid(List<X509Certificate> path, X509Certificate root, Instant now) {
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
