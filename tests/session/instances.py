"""One instance of every kind of fact that an event can state, and of one that this version does not know."""

from __future__ import annotations

from clinic import DATE, FIRST, GP, GPA, NINE, PEOPLE, a_clinic, a_set

from gpa_tui.records import event as facts
from gpa_tui.records.appointment import Stage
from gpa_tui.records.ecg import EcgAttachment, EcgCheck, EcgFileSays, EcgFormat, EcgNumbers
from gpa_tui.records.facts_portfolio import Bare
from gpa_tui.records.facts_review import Seen
from gpa_tui.records.facts_sync import HostKeys
from gpa_tui.records.facts_tasks import Owner
from gpa_tui.records.observation import Measure, Missing, ObservationSet, Score, Spo2Decision
from gpa_tui.records.patient import Need
from gpa_tui.records.plan import SafetyNet, TeachBack, TeachBackOutcome, Translation, WordsFrom
from gpa_tui.records.prep import PrepAnswer, PrepOutcome
from gpa_tui.records.staff import PublicKeys, Role

A_SCORE = Score(
    rule="RCP NEWS2 2017, 1",
    parts={one.measure: 0 for one in a_set() if one.measure is not Measure.DIASTOLIC},
    total=0,
)
AN_ANSWER = PrepAnswer(
    template="core", template_version=1, item="allergies", text="Allergies asked", outcome=PrepOutcome.DONE
)
UNKNOWN = facts.UnknownFact.model_validate({"kind": "retinopathy.screened", "eyes": 2})
KEYS = PublicKeys(id="0011223344556677", sign="AAAA", box="AAAA")
INSTANCES: tuple[facts.Fact, ...] = (
    facts.ClinicOpened(clinic=a_clinic()),
    facts.ListImported(
        file="today.json", sha256="0" * 64, listed=2, changed=1, unchanged=3, gone=0, rejected=4
    ),
    facts.AppointmentListed(appointment=FIRST),
    facts.AppointmentRevised(
        appointment=FIRST.model_copy(update={"reason": "Knee pain"}), changed=("reason",)
    ),
    facts.AppointmentUnlisted(file="later.json"),
    facts.AppointmentMoved(was=Stage.BOOKED, to=Stage.ARRIVED),
    facts.RecordViewed(),
    facts.RecordClosed(),
    facts.IdentityChecked(said_by="patient", name_said="Grace Okonkwo", born_said="1954-04-12", matched=True),
    facts.PrepTemplateChosen(template="chest_pain", title="Chest pain"),
    facts.PrepAnswered(answer=AN_ANSWER),
    facts.PrepHandedOver(gaps=("Medicines really taken",), why_gaps_stand="in a hurry"),
    facts.ObservationRecorded(
        observations=ObservationSet(
            taken_at=NINE,
            readings=tuple(a_set(temperature=None)),
            missing=(Missing(measure=Measure.TEMPERATURE, why="no device"),),
            score=A_SCORE,
        )
    ),
    facts.EcgRequested(asked_by="Dr N Patel", urgency="today", reason="palpitations on Tuesday"),
    facts.EcgSymptomsAsked(found="none"),
    facts.EcgAllowed(by="Dr N Patel", stopped_for=("under 16",)),
    facts.EcgPrepared(check=EcgCheck.SITES, words="sitting up"),
    facts.EcgRecorded(
        attempt=1,
        recorded_at=NINE,
        numbers=EcgNumbers(rate=72, pr_ms=158, qrs_ms=92, qt_ms=402, qtc_ms=440, axis_deg=45),
        statements=("Sinus rhythm",),
    ),
    facts.EcgQualityChecked(attempt=1, check=EcgCheck.TRACE, ok=False, words="V3 flat"),
    facts.EcgFiled(
        attempt=1,
        attachment=EcgAttachment(
            kept_as="1-00.attached",
            file_name="grace.scp",
            size=9012,
            sha256="5e" * 32,
            says=EcgFileSays(format=EcgFormat.SCP),
            did_not_fit=("the file says male",),
            stays_because="the cart was set wrong",
        ),
    ),
    facts.EcgHanded(to="Dr N Patel", how="in person", told=("rate 48",)),
    facts.EcgNotObtained(outcome="refused", why="too cold"),
    facts.EcgReviewed(by="Dr N Patel", words="seen, repeat in a week", said=True),
    facts.Spo2ScaleSet(
        decision=Spo2Decision(scale=2, by="Dr N Patel", on=NINE.date(), words="COPD, target 88-92")
    ),
    facts.EscalationRaised(because="NEWS2 7: total 7 or more"),
    facts.EscalationTold(told="Dr N Patel, in person"),
    facts.PresentRecorded(who="daughter Ruth"),
    facts.ChaperoneRecorded(offered="accepted", words="J Doe"),
    facts.InterpreterRecorded(mode="by telephone", words="Polish, 4711"),
    facts.CapacityNoted(words="son has LPA for health"),
    facts.NeedNoted(need=Need(text="large print", mark="LP", code="957331000000109")),
    facts.BackgroundNoted(words="South Asian"),
    facts.NeedEnded(need="large print", why="new glasses"),
    facts.PatientCarried(
        on=NINE.date(), needs=(Need(text="BSL"), Need(text="large print")), ended=("hearing loop",)
    ),
    facts.DayLeftOpen(on=NINE.date(), rows=(("Not heard", "09:00 OKONKWO, Grace: grey"),)),
    facts.SafeguardingRaised(words="bruises on both arms"),
    facts.EntryMoved(from_appointment=FIRST.id, from_name="OKONKWO, Grace"),
    facts.TaskAsked(
        what="ring about bloods", owner=Owner(name="Clinician", role=Role.CLINICIAN), due=NINE.date()
    ),
    facts.TaskAccepted(what="ring"),
    facts.TaskReassigned(owner=Owner(name="M Okafor", staff=GPA.staff)),
    facts.TaskDone(what="ring", words="yes, today"),
    facts.TaskReopened(what="ring"),
    facts.TaskAnswerSeen(what="ring"),
    facts.TaskDropped(why="rang back already"),
    facts.PhraseKept(text="Rest and drink."),
    facts.PhraseDropped(text="Rest and drink."),
    facts.Printed(what="huddle sheet"),
    facts.ClinicClosed(still_open=("Not ended 09:00 OKONKWO, Grace: in prep",)),
    facts.PinSet(),
    facts.PinRefused(),
    facts.EscalationSeen(who="Dr N Patel", terminal="room1"),
    facts.EscalationAcknowledged(),
    facts.CallCardShown(),
    facts.HandoutMade(how="printed", large=True),
    facts.PlanTranslated(
        translation=Translation(language="Polish", lines=("Odpoczywaj.",), of=("Rest.",), by="A Nowak")
    ),
    facts.EntryCopied(how="clipboard", hidden=True),
    facts.PlanGiven(words="rest", words_from=WordsFrom.AS_HEARD, given_by="Dr N Patel"),
    facts.PlanWorded(messages=("Rest today.", "Drink enough.")),
    facts.PlanReleased(released_by="Dr N Patel", said=True),
    facts.PlanTaught(teach_back=TeachBack(message=1, outcome=TeachBackOutcome.OWN_WORDS, words="I rest")),
    facts.SafetyNetGiven(safety_net=SafetyNet(what="fever", by_when="two days", where="111")),
    facts.EntryStruck(why="taken back"),
    facts.StaffAdded(member=PEOPLE[0][0], keys=KEYS),
    facts.StaffChanged(member=PEOPLE[0][0]),
    facts.StaffLeft(staff=GPA.staff),
    facts.CompetenciesListed(version=2, owner="Dr N Patel", sha256="5e" * 32, gated=3),
    facts.CompetencySigned(
        staff=GPA.staff,
        name="M Okafor",
        competency="ecg",
        title="Recording a 12-lead ECG",
        on=NINE.date(),
        expires=NINE.date(),
        words="seen three",
    ),
    facts.CompetencyWithdrawn(
        staff=GPA.staff,
        name="M Okafor",
        competency="ecg",
        title="Recording a 12-lead ECG",
        why="off for a year",
    ),
    facts.SupervisionStated(
        supervisor=GP.staff, supervisor_name="Dr N Patel", competencies=("ecg",), titles=("Recording an ECG",)
    ),
    facts.KeysReplaced(staff=GPA.staff, keys=KEYS, why="recovery code"),
    facts.PassphraseChanged(),
    facts.EpochBegun(number=2, device=KEYS, fingerprint="5e" * 32, recovery="eA=="),
    facts.HeadAnchored(journal="2026-11-23", n=12, hash="8c1d" * 16),
    facts.BackedUp(file="surgery.tar"),
    facts.ServiceKeySet(box="AAAA"),
    facts.ServerAsked(
        sentence="NHS number 999 000 0018 is somebody else there.", appointment=FIRST, opened=a_clinic()
    ),
    facts.ServerAnswered(same=True),
    facts.StatusClashed(ours="arrived", theirs="noshow"),
    facts.StatusPicked(ours=False),
    facts.HostPaired(
        origin="6f1c3f6e-6d5b-4a57-9d5f-3a3c5b1f2e10",
        name="upstairs",
        keys=(HostKeys(staff="npatel", keys=KEYS),),
        vouched_by="",
    ),
    facts.HostUnpaired(origin="6f1c3f6e-6d5b-4a57-9d5f-3a3c5b1f2e10", name="upstairs"),
    facts.ClaimLost(what="blood test", owner="M Okafor", staff=GPA.staff),
    facts.EvidencePicked(month="2026-11", competencies=("prep", "plan"), bare=Bare(decade=70, messages=2)),
    facts.EvidenceDropped(),
    facts.PortfolioViewed(staff="mokafor"),
    facts.ReflectionWritten(heading="Feelings", words="I was calm"),
    facts.TextRead(sha256="0" * 64, include=True, on=DATE),
    facts.DayPurged(on=DATE, n=41, hash="0" * 64, file="2026-11-23.tar", sha256="5e" * 32),
    facts.LogSearched(what="OKONKWO, born 12-Apr-1954, from 2026-01-01"),
    facts.SampleDrawn(on=DATE, seed="4f2a", percent=20),
    facts.ReviewGiven(
        on=DATE,
        verdict="query",
        words="why no repeat?",
        rows=(Seen(appointment=FIRST.id, entries=12),),
        to=(GPA.staff,),
        of="OKONKWO, Grace",
    ),
    facts.ReviewAnswered(on=DATE, words="the cuff was too small"),
    facts.ReviewSigned(
        on=DATE,
        n=41,
        hash="0" * 64,
        seen={"here": 120},
        worked=("mokafor",),
        still_open=("a query",),
        words="well done",
    ),
    facts.ReviewReopened(on=DATE, why="a late entry"),
    facts.SyncSetUp(url="https://fhir.example/R4", auth="bearer", found=("Our ids are kept.",)),
    facts.Restored(origin="another-store", file="surgery.tar"),
    facts.SignInOpened(),
    facts.SignInLocked(),
    facts.SignInUnlocked(),
    facts.SignInClosed(),
    facts.ReadBeside(name="mokafor", read="signed in", noted="r2", when=NINE, terminal="room2"),
    facts.SignInRefusedFact(name="mokafor", refusal="r1", when=NINE, terminal="room2"),
    facts.ActRefused(act="view log", why="GPA may not read the session log."),
    facts.LogViewed(),
    facts.Exported(what="session log as csv", file="log.csv"),
)
BY_TYPE = {type(fact): fact for fact in INSTANCES}
