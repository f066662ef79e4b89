import { TOPICS, type Topic } from './lead.ts';
import { matchPhrases, phraseIndex, wordsOf } from './match-phrases.ts';

const TOPIC_PHRASES = phraseIndex<Topic>({
  demo: `demo, demos, demonstration, walkthrough, walk through, walk us through, see it in action,
    product tour, book a call, schedule a call, show us, show me, vorfuhrung, produktdemo, vorfuehrung,
    demostracion, presentation du produit`,
  pricing: `price, prices, pricing, priced, quote, quotation, cost of, cost per, does it cost, would it cost, how much, budget, per seat,
    per user, discount, licence cost, license cost, preis, preise, kosten, angebot, preisliste, precio,
    precios, cotizacion, presupuesto, cuanto cuesta, tarif, tarifs, devis, prix, combien`,
  trial: `trial, free trial, pilot, poc, proof of concept, sandbox, evaluation, try it, try out,
    testversion, testzugang, testphase, prueba, prueba gratuita, essai, essai gratuit`,
  integration: `integration, integrations, integrate, integrates, integrated, api, apis, webhook, webhooks,
    connector, connectors, plugin, zapier, salesforce, hubspot, dynamics, schnittstelle, schnittstellen,
    anbindung, integracion, integrar, integrer`,
  security: `security, soc2, soc 2, gdpr, dsgvo, rgpd, iso27001, iso 27001, hipaa, sso, saml, scim, dpa,
    data processing agreement, penetration test, pentest, vendor assessment, security review,
    security questionnaire, datenschutz, sicherheit, seguridad, securite, encryption`,
  migration: `migrate, migrating, migration, switch from, switching from, move from, moving from, move off,
    moving off, replace our, replacing, coming from, import our, umstieg, ablosung, umstellen, migracion,
    migrar, migrer`,
  timeline: `this week, next week, this month, next month, this quarter, next quarter, this year, asap,
    urgent, urgently, deadline, go live, golive, end of quarter, end of the quarter, end of the year, eoq,
    eoy, q1, q2, q3, q4, renewal, contract ends, contract expires, as soon as possible, dringend,
    so bald wie moglich, nachsten monat, urgente, cuanto antes, des que possible`,
  support: `cannot log in, can t log in, cant log in, cannot login, can t login, log in problem,
    login problem, reset my password, password reset, forgot my password, error message, bug, bugs,
    support ticket, existing customer, my account is, locked out, refund, cancel my, fehlermeldung,
    passwort vergessen, mot de passe oublie`,
  jobs: `job opening, job openings, job application, job offer, looking for a job, vacancy, vacancies,
    open position, open positions, my cv, my resume, are you hiring, internship, internships, careers,
    bewerbung, praktikum, offene stelle, initiativbewerbung, empleo, practicas, emploi, candidature,
    apply for a job, apply for the position`,
  vendor_pitch: `seo services, seo agency, guest post, guest posts, backlink, backlinks, link building,
    lead list, lead lists, email list, email lists, web design services, offshore developers,
    rank your, rank your website, rank higher, boost your traffic, increase your traffic,
    increase your sales, grow your business, sponsored post, redesign your website, interested in our services,
    outsource your, wir bieten ihnen, nuestros servicios de, nos services de`,
  coursework: `thesis, homework, my class, class project, dissertation, school project, university project,
    course project, coursework, my course, my studies, university assignment, term paper, case study for my,
    bachelorarbeit, masterarbeit, hausarbeit, seminararbeit, tesis, trabajo de fin, memoire de fin, mon cours`,
});

/** Topics named in a message, in the order of TOPICS. Reads the first 4,000 characters; linear. */
export function detectTopics(message: string): Topic[] {
  const found = new Set(matchPhrases(wordsOf(message.slice(0, 4_000)), TOPIC_PHRASES));
  return TOPICS.filter((topic) => found.has(topic));
}
