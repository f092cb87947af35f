// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/adam.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace abscopal {
namespace {

/// One patient in two arms: treated, she responds, has the response confirmed and progresses; untreated she
/// is stable.
Result twins() {
    Result result;
    result.trial_digest = "0123456789abcdef";
    result.trial.follow_up = 168;
    result.trial.seed = 7;
    Arm treated;
    treated.name = "drug, \"new\"";
    DoseRow dose;
    dose.drug = "drug";
    dose.amount = 2;
    dose.unit = "mg";
    dose.per = DosePer::kilogram;
    dose.interval = 56;
    dose.additional = 3;
    treated.regimen.rows = {dose};
    Arm untreated;
    untreated.name = "control";
    result.trial.arms = {treated, untreated};
    Candidate candidate;
    candidate.index = 12;
    candidate.fate = Fate::treated;
    candidate.weight = 0.5;
    result.candidates = {candidate};
    Course course;
    course.candidate = 12;
    course.baseline = 50;
    course.visits = {
        {56, 30, Response::partial}, {112, 25, Response::partial}, {168, 40, Response::progressive}};
    course.best = Response::partial;
    course.pfs_day = course.off_treatment_day = 168;
    course.progressed = true;
    result.courses.push_back(course);
    course.arm = 1;
    course.visits = {{56, 52, Response::stable}};
    course.best = Response::stable;
    course.pfs_day = 56;
    course.off_treatment_day = -1;
    course.progressed = false;
    result.courses.push_back(course);
    return result;
}

DataSet data_set(const std::string& name) {
    for (auto& data : adam_data_sets(twins()))
        if (data.name == name) return data;
    ADD_FAILURE() << name;
    return {};
}

/// "name=value" of a row, for the columns asked for.
std::string row_of(const DataSet& data, std::size_t row, const std::vector<std::string>& names) {
    DataSet one = data;
    one.rows = {data.rows.at(row)};
    std::string text;
    const auto json = nlohmann::json::parse(as_dataset_json(one, "S", "T"));
    for (const auto& name : names)
        for (std::size_t i = 0; i < data.columns.size(); ++i)
            if (data.columns[i].name == name)
                text += (text.empty() ? "" : " ") + name + "=" + json["rows"][0][i].dump();
    return text;
}

TEST(Adam, keeps_the_limits_of_names_and_labels_and_fills_every_cell) {
    for (const auto& data : adam_data_sets(twins())) {
        EXPECT_FALSE(data.rows.empty()) << data.name;
        for (const auto& column : data.columns) {
            EXPECT_LE(column.name.size(), 8U) << column.name;
            EXPECT_LE(column.label.size(), 40U) << column.label;
        }
        for (const auto& row : data.rows) {
            ASSERT_EQ(row.size(), data.columns.size()) << data.name;
            for (std::size_t i = 0; i < row.size(); ++i)
                EXPECT_EQ(std::holds_alternative<double>(row[i]), data.columns[i].is_number)
                    << data.columns[i].name;
        }
        for (const auto& key : data.keys)
            EXPECT_TRUE(std::any_of(data.columns.begin(), data.columns.end(), [&](const auto& column) {
                return column.name == key;
            })) << key;
    }
}

TEST(Adam, one_subject_a_patient_and_arm) {
    const auto adsl = data_set("ADSL");
    ASSERT_EQ(adsl.rows.size(), 2U);
    EXPECT_EQ(row_of(adsl, 0, {"USUBJID", "TWINID", "TRTSDT", "TRTEDT", "TRTDURD", "SAFFL", "WEIGHT"}),
              "USUBJID=\"ABSC-01234567-A1-000012\" TWINID=12.0 TRTSDT=\"2020-01-01\" TRTEDT=\"2020-04-22\" "
              "TRTDURD=113.0 SAFFL=\"Y\" WEIGHT=0.5");
    EXPECT_EQ(row_of(adsl, 1, {"TRTSDT", "SAFFL", "SIMFL"}), "TRTSDT=null SAFFL=\"N\" SIMFL=\"Y\"");
}

/// The rows of a parameter, in order.
std::vector<std::size_t> rows_with(const DataSet& data, const std::string& code) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < data.rows.size(); ++i)
        if (row_of(data, i, {"PARAMCD"}) == "PARAMCD=\"" + code + "\"") rows.push_back(i);
    return rows;
}

TEST(Adam, events_have_censor_zero) {
    const auto adtte = data_set("ADTTE");
    const auto pfs = rows_with(adtte, "PFS");
    ASSERT_EQ(pfs.size(), 2U);
    EXPECT_EQ(row_of(adtte, pfs[0], {"AVAL", "CNSR", "EVNTDESC", "ADT", "SRCSEQ"}),
              "AVAL=169.0 CNSR=0.0 EVNTDESC=\"PROGRESSIVE DISEASE\" ADT=\"2020-06-17\" SRCSEQ=3.0");
    EXPECT_EQ(row_of(adtte, pfs[1], {"AVAL", "CNSR", "CNSDTDSC"}),
              "AVAL=57.0 CNSR=1.0 CNSDTDSC=\"LAST ADEQUATE ASSESSMENT\"");
    EXPECT_EQ(row_of(adtte, rows_with(adtte, "FUP").at(0), {"CNSR"}), "CNSR=1.0");
    EXPECT_EQ(row_of(adtte, rows_with(adtte, "RSD").at(0), {"AVAL", "STARTDT"}),
              "AVAL=113.0 STARTDT=\"2020-02-26\"");
    EXPECT_EQ(row_of(adtte, rows_with(adtte, "TTR").at(0), {"AVAL", "EVNTDESC"}),
              "AVAL=57.0 EVNTDESC=\"RESPONSE\"");
    EXPECT_TRUE(rows_with(adtte, "OS").empty()) << "death is not modelled";
}

TEST(Adam, what_lies_behind_the_cut_off_is_left_out) {
    Result result = twins();
    result.trial.design.cut_off = 120.0;
    for (const auto& data : adam_data_sets(result)) {
        if (data.name == "ADTTE") {
            EXPECT_EQ(row_of(data, rows_with(data, "PFS").at(0), {"AVAL", "CNSR"}), "AVAL=113.0 CNSR=1.0");
        }
        if (data.name == "ADSL") {
            EXPECT_EQ(row_of(data, 0, {"EOSSTT"}), "EOSSTT=\"ONGOING\"");
        }
        if (data.name == "ADRS") {
            EXPECT_EQ(rows_with(data, "OVR").size(), 3U);
        }
    }
}

TEST(Adam, deaths_and_adverse_events) {
    Result result = twins();
    result.trial.death = Death{};
    Toxicity colitis;
    colitis.name = colitis.term = "Colitis", colitis.organ_class = "Gastrointestinal disorders";
    colitis.drug = "drug", colitis.is_immune = true;
    result.trial.toxicities = {colitis};
    AdverseEvent event;
    event.grade = 3, event.onset = 20.5, event.end = 40.2, event.action = "DRUG INTERRUPTED";
    result.courses[0].adverse_events = {event};
    result.courses[1].death_day = result.courses[1].last_day = 100.0;
    result.courses[1].cause = CauseOfDeath::disease;
    result.courses[1].pfs_day = 100.0, result.courses[1].progressed = true;
    bool has_events = false;
    for (const auto& data : adam_data_sets(result)) {
        if (data.name == "ADAE") {
            has_events = true;
            EXPECT_EQ(row_of(data, 0,
                             {"AEDECOD", "AETOXGR", "AESER", "ASTDY", "AENDY", "ADURN", "TRTEMFL", "IRAEFL"}),
                      "AEDECOD=\"Colitis\" AETOXGR=\"3\" AESER=\"Y\" ASTDY=21.0 AENDY=41.0 ADURN=21.0 "
                      "TRTEMFL=\"Y\" "
                      "IRAEFL=\"Y\"");
        }
        if (data.name == "ADSL") {
            EXPECT_EQ(row_of(data, 1, {"DTHFL", "DTHDT", "DTHCAUS", "DCSREAS"}),
                      "DTHFL=\"Y\" DTHDT=\"2020-04-10\" DTHCAUS=\"DISEASE\" DCSREAS=\"DEATH\"");
        }
        if (data.name != "ADTTE") continue;
        EXPECT_EQ(row_of(data, rows_with(data, "OS").at(0), {"AVAL", "CNSR"}), "AVAL=169.0 CNSR=1.0");
        EXPECT_EQ(row_of(data, rows_with(data, "OS").at(1), {"AVAL", "CNSR", "EVNTDESC"}),
                  "AVAL=101.0 CNSR=0.0 EVNTDESC=\"DEATH\"");
    }
    EXPECT_TRUE(has_events);
}

TEST(Adam, responses_sizes_and_doses) {
    const auto adrs = data_set("ADRS"), adtr = data_set("ADTR"), adex = data_set("ADEX");
    EXPECT_EQ(row_of(adrs, 2, {"PARAMCD", "AVALC", "AVAL", "ADY"}),
              "PARAMCD=\"OVR\" AVALC=\"PD\" AVAL=5.0 ADY=169.0");
    EXPECT_EQ(row_of(adrs, 4, {"PARAMCD", "AVALC"}), "PARAMCD=\"BOR\" AVALC=\"PR\"");
    EXPECT_EQ(row_of(adrs, 7, {"PARAMCD", "AVALC"}), "PARAMCD=\"CBOR\" AVALC=\"PR\"");
    EXPECT_EQ(row_of(adtr, 3, {"AVAL", "BASE", "CHG", "PCHG", "NADIR", "CHGNAD", "PCHGNAD"}),
              "AVAL=40.0 BASE=50.0 CHG=-10.0 PCHG=-20.0 NADIR=25.0 CHGNAD=15.0 PCHGNAD=60.0");
    ASSERT_EQ(adex.rows.size(), 6U)
        << "three doses and three sums: the dose at progression is not given, nor any in the control arm";
    EXPECT_EQ(row_of(adex, 2, {"ASEQ", "EXDOSE", "EXDOSU", "ASTDY"}),
              "ASEQ=3.0 EXDOSE=2.0 EXDOSU=\"mg/kg\" ASTDY=113.0");
}

TEST(TransportFile, has_records_of_eighty_bytes_and_ibm_numbers) {
    const DataSet data{
        "TEST",
        "A test",
        {},
        {{"X", "A number", true, false, ""}, {"C", "Text", false, false, ""}},
        {{-118.625, std::string("ab")}, {1.0, std::string("")}, {std::nan(""), std::string("abc")}}};
    const std::string file = as_xpt(data);
    EXPECT_EQ(file.size() % 80, 0U);
    EXPECT_EQ(file.substr(0, 48), "HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!");
    const auto at = file.find("OBS     HEADER RECORD!!!!!!!") - 20 + 80;
    EXPECT_EQ(file.substr(at, 11), std::string("\xC2\x76\xA0\0\0\0\0\0ab ", 11));
    EXPECT_EQ(file.substr(at + 11, 11), std::string("\x41\x10\0\0\0\0\0\0   ", 11));
    EXPECT_EQ(file.substr(at + 22, 11), std::string(".\0\0\0\0\0\0\0abc", 11));
}

TEST(DatasetJson, describes_its_columns) {
    const auto json =
        nlohmann::json::parse(as_dataset_json(data_set("ADSL"), "STUDY", "2026-01-01T00:00:00Z"));
    EXPECT_EQ(json["datasetJSONVersion"], "1.1.0");
    EXPECT_EQ(json["records"], 2);
    EXPECT_EQ(json["columns"][1]["itemOID"], "IT.ADSL.USUBJID");
    EXPECT_EQ(json["columns"][1]["keySequence"], 2);
    EXPECT_EQ(json["rows"][0].size(), json["columns"].size());
}

}  // namespace
}  // namespace abscopal
