using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Xml.Linq;

/// <summary>The C# client's workflow over REST: steps are recorded at the server and not repeated on a resume.</summary>
sealed class Workflow
{
    readonly Service service;
    readonly string gid;
    readonly Dictionary<string, string> recorded = new Dictionary<string, string>();
    readonly Stack<Action> rollbacks = new Stack<Action>();
    int branches;

    sealed class Failure : Exception
    {
        public Failure(string message) : base(message) { }
    }

    Workflow(Service service, string gid)
    {
        this.service = service;
        this.gid = gid;
    }

    /// <summary>Gives the result; throws Client.Refused for a failed one and another exception for one that goes on later.</summary>
    public static string Execute(Service service, string gid, string name, string data)
    {
        return new Workflow(service, gid).Run(name, data);
    }

    string Run(string name, string data)
    {
        var body = Client.Transaction(gid, "workflow");
        body["custom_data"] = Client.Json(new Dictionary<string, object> { { "name", name }, { "data", Encoded(data) } }, -1);
        body["query_prepared"] = service.Url("workflow", "resume");
        body["protocol"] = "http";
        body["retry_interval"] = 1;
        var found = Client.Parse(Client.Send("POST", Client.Dtm + "/prepareWorkflow", Client.Json(body, 0)).Text);
        var transaction = found.Element("transaction");
        var status = Text(transaction, "status");
        if (status == "succeed") return Encoding.UTF8.GetString(Convert.FromBase64String(Text(transaction, "result")));
        if (status == "failed") throw new Client.Refused(Text(transaction, "rollback_reason"));
        foreach (var step in (found.Element("progresses")?.Elements() ?? Enumerable.Empty<XElement>()))
        {
            recorded[Text(step, "branch_id") + "-" + Text(step, "op")] = Text(step, "status");
        }
        try
        {
            Step("out");
            Step("in");
        }
        catch (Failure failure)
        {
            foreach (var rollback in rollbacks) rollback();
            Submit("failed", failure.Message, "");
            throw new Client.Refused(failure.Message);
        }
        Submit("succeed", "", "moved " + data);
        return "moved " + data;
    }

    /// <summary>One saga step; a failed step's own rollback is left out.</summary>
    void Step(string who)
    {
        var branch = (++branches).ToString("00");
        Recorded(branch, "action", who, "action");
        rollbacks.Push(() => Recorded(branch, "rollback", who, "compensate"));
    }

    void Recorded(string branch, string op, string who, string undertaken)
    {
        string status;
        if (!recorded.TryGetValue(branch + "-" + op, out status))
        {
            var url = service.Url("memory", who) + "?as=" + undertaken + "&gid=" + gid + "&trans_type=workflow&branch_id=" + branch + "&op=" + op;
            var reply = Client.Send("POST", url, "{}");
            if (reply.Status != 200 && reply.Status != 409) throw new InvalidOperationException(reply.Text);
            status = reply.Status == 200 ? "succeed" : "failed";
            Client.RegisterBranch(gid, "workflow", new Dictionary<string, string>
            {
                { "data", reply.Text }, { "branch_id", branch }, { "op", op }, { "status", status },
            });
        }
        if (status == "failed") throw new Failure(who + " refused + \"quoted\"");
    }

    void Submit(string status, string reason, string result)
    {
        Client.Call("submit", new Dictionary<string, object>
        {
            { "gid", gid }, { "trans_type", "workflow" },
            { "req_extra", new Dictionary<string, object> { { "status", status }, { "rollback_reason", reason }, { "result", Encoded(result) } } },
        });
    }

    static string Encoded(string text)
    {
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }

    static string Text(XElement parent, string name)
    {
        return parent.Element(name)?.Value ?? "";
    }
}
