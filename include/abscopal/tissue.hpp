// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "abscopal/error.hpp"

/// A piece of tissue as single cells in diffusing fields, read from PhysiCell projects
/// (docs/theory/tissue.md). A Project says what is simulated, a State where everything is now, a Simulation
/// carries a State forward. Units are micrometres and minutes throughout; amounts are density × µm³.
namespace abscopal::tissue {

/// A box of cubic voxels, x fastest. A flat grid has one layer of voxels around z = 0.
struct Grid {
    std::array<double, 3> low{-500, -500, -500}, high{500, 500, 500};  ///< µm
    std::array<int, 3> voxels{50, 50, 50};
    double spacing = 20;    ///< edge of a voxel, µm
    double thickness = 20;  ///< its height; differs from `spacing` in a flat grid only
    bool flat = false;

    std::size_t size() const;
    double voxel_volume() const { return spacing * spacing * thickness; }
    std::array<double, 3> center(std::size_t voxel) const;
    std::size_t voxel_at(double x, double y, double z) const;  ///< nearest voxel, clamped to the box
    bool contains(double x, double y, double z) const;
    bool operator==(const Grid&) const = default;
};

/// What is held at one face of the box (order xmin xmax ymin ymax zmin zmax).
struct Side {
    bool held = false;
    double value = 0.0;
};

/// PhysiPKPD's circulation of a drug: what the faces of the box are held at over time.
struct Circulation {
    std::string model = "Constant";  ///< "Constant", "1C" or "2C"
    double biot_number = 1, elimination_rate = 0, k12 = 0, k21 = 0, volume_ratio = 1;  ///< rates per minute
    std::vector<std::array<double, 2>> doses;                                          ///< time (min), amount
};

/// PhysiPKPD's effect of a drug on a cell type, written to the custom variable `<substrate>_damage`.
struct DrugEffect {
    int substrate = 0;
    std::string model = "AUC";  ///< "AUC", "AUC_amount", "MMD" or "MMD_amount"
    double metabolism_rate = 0, linear_repair_rate = 0, constant_repair_rate = 0;  ///< per minute
    int damage_variable = -1;                                                      ///< custom variable
};

struct Substrate {
    std::string name, units;
    double diffusion = 0;  ///< µm²/min
    double decay = 0;      ///< 1/min
    double initial = 0;    ///< density everywhere at the start
    std::array<Side, 6> sides{};
    bool has_circulation = false;
    Circulation circulation;
};

/// The six cycle models, by PhysiCell's code. Every phase has one way out: to the next phase.
enum class CycleModel : int {
    ki67_advanced = 0,
    ki67_basic = 1,
    flow = 2,
    live = 5,
    flow_separated = 6,
    cycling_quiescent = 7
};

/// One way a cell dies. Phases: apoptosis has one, necrosis two (swelling, lysed); leaving the last removes
/// the cell.
struct DeathModel {
    double unlysed_fluid_rate, lysed_fluid_rate, cytoplasmic_rate, nuclear_rate,
        calcification_rate;  ///< 1/min
    double rupture = 2.0;    ///< volume at rupture over volume at entry
    std::array<double, 2> exit_rate{};
    std::array<bool, 2> fixed{};  ///< leave after exactly 1/rate
};

struct Volumes {
    double total = 2494, fluid_fraction = 0.75, nuclear = 540;                             ///< µm³
    double fluid_rate = 3.0 / 60, cytoplasmic_rate = 0.27 / 60, nuclear_rate = 0.33 / 60;  ///< 1/min
    double calcified_fraction = 0, calcification_rate = 0, rupture = 2.0;
};

enum class Taxis : int { none, one_gradient, weighted, weighted_unit };

struct CellType {
    std::string name;
    int id = 0;  ///< PhysiCell's ID: what cells.csv v1 and the outputs show
    CycleModel cycle = CycleModel::ki67_advanced;
    std::vector<bool> phase_fixed;       ///< by phase: leave after exactly 1/rate
    std::array<DeathModel, 2> deaths{};  ///< apoptosis, necrosis
    Volumes volumes;
    bool motile = false, motility_flat = false;
    Taxis taxis = Taxis::none;
    int taxis_substrate = 0, taxis_direction = 1;
    bool asymmetric = false;         ///< divides by its asymmetric-division probabilities
    std::vector<double> behaviours;  ///< by index of the Dictionary: the value before any rule
    std::vector<DrugEffect> effects;
    std::vector<std::vector<double>> custom_vectors;
};

/// Names of everything a rule can read (signals) or set (behaviours), in PhysiCell's order, with their
/// synonyms.
struct Dictionary {
    struct Entry {
        std::string name;
        int index;
    };
    int substrates = 0, types = 0, customs = 0;
    std::vector<std::string> signal_names, behaviour_names;  ///< the first name of each index
    std::vector<Entry> signals, behaviours;                  ///< every accepted name
    int signal(const std::string& name) const;               ///< -1 where unknown
    int behaviour(const std::string& name) const;
};

/// One line of a rules file: `signal` moves `behaviour` of a type towards `response`.
struct Rule {
    int type = 0, signal = 0, behaviour = 0;
    bool increases = true;
    double response = 0, half_max = 0.5, power = 4;
    bool applies_to_dead = false;
    bool extends_maximum = true;  ///< the response bounds the maximum; false bounds the minimum
    Place place;
};

/// A cell to start with; `settings` are behaviours of this cell alone (index, value), -1 its volume.
struct StartCell {
    int type = 0;
    double x = 0, y = 0, z = 0;
    std::vector<std::pair<int, double>> settings;
};

/// A law from which each cell of a type draws one behaviour (or its volume: -1) at the start.
struct Spread {
    enum class Law { uniform, log_uniform, normal, log_normal, log10_normal };
    int type = 0, behaviour = 0;
    Law law = Law::uniform;
    double first = 0, second = 1;  ///< min, max or mu, sigma
    double low = -9e99, high = 9e99;
};

struct UserParameter {
    std::string name, type, value, units;
};

struct Saves {
    std::string folder = "output";
    double full_interval = 60, svg_interval = 60;  ///< minutes
    bool full = false, svg = false;
};

struct Project {
    std::string file, text;  ///< the settings file and its content
    Grid grid;
    double diffusion_step = 0.01, mechanics_step = 0.1, phenotype_step = 6,
           max_time = 60 * 24 * 45;  ///< minutes
    std::string time_units = "min", space_units = "micron";
    std::uint64_t seed = 0;
    bool virtual_wall = false, springs = true, track_internal = false, legacy_sphere = false;
    bool compat =
        false;  ///< PhysiCell 1.14.2's own behaviour where it differs (docs/theory/tissue.md, "Corrections")
    std::vector<Substrate> substrates;
    std::vector<CellType> types;
    std::vector<std::string> custom_names, custom_units, custom_vector_names;
    std::vector<bool> custom_conserved;
    Dictionary dictionary;
    std::vector<Rule> rules;
    std::vector<StartCell> cells;
    int cells_of_each_type = 0;                     ///< placed uniformly before `cells`
    std::vector<std::vector<double>> start_fields;  ///< by substrate; empty: `initial` everywhere
    std::vector<Spread> spreads;
    std::vector<UserParameter> user_parameters;
    Saves saves;
    std::vector<Fault> warnings;  ///< unknown or missing elements, older spellings: what was assumed
};

struct ReadOptions {
    bool compat = false;  ///< read and run as PhysiCell 1.14.2 does
    bool strict = false;  ///< warnings are faults
    std::vector<std::pair<std::string, std::string>>
        settings;  ///< path below the root, or user parameter → text
};

/// Whether `path` looks like a PhysiCell project: a folder, or XML with a <PhysiCell_settings>. Throws
/// FileError.
bool is_project(const std::string& path);

/// Reads a settings file or a project folder (config/PhysiCell_settings.xml inside). Throws InputError,
/// FileError.
Project read_project(const std::string& path, const ReadOptions& options = {});

/// The cells as columns of one length. Order of storage carries no meaning; ids are never used twice.
struct Cells {
    std::vector<std::uint64_t> id;
    std::vector<std::uint16_t> type,
        volume_type;  ///< the type whose volume rates still apply (older after a change of type)
    std::vector<std::uint8_t> death;  ///< 0 alive, 1 apoptotic, 2 necrotic, 3 other
    std::vector<std::uint8_t> phase, outside, motile;
    std::vector<std::uint16_t> nuclei;
    std::vector<double> x, y, z;                                ///< µm
    std::vector<double> previous_vx, previous_vy, previous_vz;  ///< µm/min, of the last mechanics step
    std::vector<double> motility_x, motility_y, motility_z;     ///< µm/min; empty where no type is motile
    std::vector<double> radius, pressure, elapsed;              ///< µm, 1, min in phase
    std::vector<double> total, fluid, nuclear_fluid, nuclear_solid, cytoplasmic_solid, calcified;  ///< µm³
    std::vector<double> target_nuclear_solid, rupture_volume;                                      ///< µm³
    std::vector<double> damage, attack_time, damage_delivered;  ///< empty where nothing can do damage
    std::vector<std::int32_t> attack_target;                    ///< row, -1 none
    std::vector<std::vector<double>>
        varied;  ///< by Model::varied: behaviours that differ between cells of a type
    std::vector<std::vector<double>> internal;  ///< by substrate, amounts; empty unless tracked
    std::size_t size() const { return id.size(); }
};

/// Where everything is now: a pure value.
struct State {
    std::uint64_t seed = 0;               ///< key of all random numbers
    std::uint64_t step = 0, next_id = 0;  ///< diffusion steps done; id of the next cell
    std::uint64_t last_mechanics = 0, last_phenotype = 0;
    Cells cells;
    std::vector<std::vector<double>> fields;             ///< by substrate, by voxel
    std::vector<std::uint32_t> contact_start, contacts;  ///< rows touched at the last mechanics step, by row
    std::vector<std::array<std::uint32_t, 2>> springs;   ///< pairs of rows held together, first id smaller
    std::vector<float> anchor_x, anchor_y, anchor_z;  ///< where cells were when neighbours were last listed
    std::vector<std::array<double, 2>> circulation;   ///< by substrate: central and peripheral concentration
    std::vector<double> bin_reach;  ///< with `compat`: the largest reach PhysiCell has seen in each 30 µm bin
    std::uint64_t births = 0, deaths = 0, removals = 0;
};

enum class Stepper { fast, reference };

/// Less exact fields for less time, all off by default (docs/theory/tissue.md, "Shortcuts", has errors).
struct Shortcuts {
    bool single_precision = false;  ///< fields in single precision; what cells take up stays in double
    /// Substrates that step by this many minutes instead of the diffusion step.
    std::vector<std::pair<std::string, double>> field_steps;
    std::vector<std::string>
        steady;  ///< substrates in balance with their sources from phenotype to phenotype step
    bool any() const { return single_precision || !field_steps.empty() || !steady.empty(); }
};

struct RunOptions {
    Stepper stepper = Stepper::fast;
    int threads = 1;  ///< changes no bit
    Shortcuts shortcuts{};
};

/// The machine that advances a State of one Project. Owns scratch memory and nothing that matters.
class Simulation {
  public:
    /// Throws InputError where shortcuts name what the project lacks or cannot have.
    explicit Simulation(std::shared_ptr<const Project> project, RunOptions options = {});
    ~Simulation();
    Simulation(Simulation&&) noexcept;
    Simulation& operator=(Simulation&&) noexcept;

    const Project& project() const;
    /// The tissue at time 0: cells placed, parameters drawn, fields set.
    State start(std::uint64_t seed);
    /// Carries `state` to `minute`, rounded to a diffusion step.
    void advance(State& state, double minute);
    double time(const State& state) const;

  private:
    struct Machine;
    std::unique_ptr<Machine> machine_;
};

/// One line of the summary: cells of one type at one time. Means are over live cells, 0 where there are none.
struct CellSummary {
    double minute = 0;
    std::string type;
    std::int64_t live = 0, dead = 0;
    double mean_radius = 0;  ///< distance of live cells of the type from the centroid of all cells, µm
    double mean_pressure = 0, mean_volume = 0;
};
struct FieldSummary {
    double minute = 0;
    std::string substrate;
    double mean = 0, min = 0, max = 0;
};
struct Summary {
    std::vector<CellSummary> cells;
    std::vector<FieldSummary> fields;
};
/// Adds the lines of one time. Sums run in id order, so storage order changes no bit.
void summarise(const Project& project, const State& state, Summary& summary);

/// Which files a run writes beside summary.json.
struct Outputs {
    std::string folder;        ///< empty: nothing is written
    bool cells_csv = false;    ///< cells_NNNNNNNN.csv
    bool fields_csv = false;   ///< fields_NNNNNNNN.csv
    bool multicellds = false;  ///< PhysiCell's own files: outputNNNNNNNN.xml and matrices
    bool svg = false;          ///< snapshotNNNNNNNN.svg, and film.svg at the end
    bool vtk = false;          ///< cells_NNNNNNNN.vtp, fields_NNNNNNNN.vti and .pvd collections of them
    bool anndata = false;      ///< cells_NNNNNNNN.h5ad
    bool zarr = false;         ///< fields.ome.zarr, all times in one image
};

/// How far a run is, for a progress line. Calls come one at a time, from any thread.
struct Progress {
    double minute = 0, until = 0;  ///< of this replicate
    std::size_t cells = 0;
    std::uint64_t steps = 0;      ///< diffusion steps done in all replicates
    std::uint64_t all_steps = 0;  ///< to be done in all replicates
};

struct RunPlan {
    double until = 0;   ///< minutes
    double every = 60;  ///< minutes between lines of the summary
    std::uint64_t seed = 0;
    int replicates = 1;  ///< replicate k runs with seed + k
    RunOptions options;  ///< threads are shared out over replicates first
    Outputs outputs;     ///< of the first replicate
    std::function<void(const Progress&)> progress;
    const State* from = nullptr;  ///< goes on from here instead of the start: one replicate, its own seed
    std::function<bool()> stop;   ///< asked after each line; true ends the run there
};

struct RunResult {
    std::vector<Summary> replicates;
    State last;        ///< of the first replicate
    std::string film;  ///< the same as SVG; empty where nothing is written or tissues are too large to draw
    bool complete = true;  ///< false where `stop` said so
};
RunResult run(std::shared_ptr<const Project> project, const RunPlan& plan);

/// The summary as JSON: lines by time and cell type, by time and substrate; with replicates their mean,
/// standard deviation, 5 % and 95 % quantiles, and each replicate's own lines.
std::string summary_json(const Project& project, const RunPlan& plan, const RunResult& result);

/// PhysiCell's output file set number `index` (MultiCellDS 2, MATLAB level 4), the settings beside it.
void write_multicellds(const Project& project, const State& state, const std::string& folder,
                       const std::string& name);
std::string cells_csv(const Project& project, const State& state);
std::string fields_csv(const Project& project, const State& state);
std::string snapshot_svg(const Project& project, const State& state);
/// Up to six of the snapshots side by side, live cells of each type over time below.
std::string film_svg(const Project& project, const std::vector<std::string>& snapshots,
                     const Summary& summary);

/// The value of a behaviour of the cell at `row` now.
double behaviour_of(const Project& project, const State& state, std::size_t row, int behaviour);

/// Snapshots: the whole state, checksummed; reading throws InputError where the file is damaged or of another
/// project.
void save_state(const Project& project, const State& state, const std::string& path);
State load_state(const Project& project, const std::string& path);

}  // namespace abscopal::tissue
